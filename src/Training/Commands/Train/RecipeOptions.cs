using System.CommandLine;
using System.Globalization;
using Saccade.Training.Commands.Options;
using Saccade.Training.Recipes;

namespace Saccade.Training.Commands.Train;

/// <summary>The knobs of a recipe on the command line; what is not given stays as the recipe says.</summary>
internal sealed class RecipeOptions
{
    private const string AveragingFrom = "--averaging-from";

    private readonly List<(Option Option, Func<ParseResult, Recipe, Recipe> Apply)> _knobs = [];

    public RecipeOptions()
    {
        Number("--epochs", "Passes over the training part.", 1, WithEpochs);
        Number("--batch", "Images in a step, of each replica.", 1, (recipe, value) => recipe with { BatchSize = value });
        Real("--lr", "Learning rate after the warm-up.", 0, double.MaxValue, (recipe, value) => recipe with { LearningRate = value });
        Choice<ScheduleKind>("--schedule", "How the rate falls", (recipe, value) => recipe with { Schedule = value });
        Real("--warm-up", "Epochs of linear warm-up.", 0, double.MaxValue, (recipe, value) => recipe with { WarmUpEpochs = value });
        Real(
            "--step-factor",
            "Factor of the step and the exponential schedule.",
            0,
            1,
            (recipe, value) => recipe with { StepFactor = value }
        );
        Real(
            "--step-epochs",
            "Epochs over which these multiply by it.",
            0.001,
            double.MaxValue,
            (recipe, value) => recipe with { StepEpochs = value, StepImages = null }
        );
        Choice<OptimiserKind>("--optimiser", "How a gradient becomes a move", (recipe, value) => recipe with { Optimiser = value });
        Add(
            "--freeze",
            "Which layers keep their weights and batch-norm statistics: none, backbone (all but the classifiers), or stages:N, the first N "
                + "stages that have weights.",
            "none, backbone or stages:N",
            (recipe, value) => recipe with { Freeze = value, UnfreezeAfter = null },
            FreezeDepth.Parse
        );
        Number(
            "--unfreeze-after",
            "Epochs after which frozen layers are trained too; with --freeze alone they stay frozen.",
            0,
            (recipe, value) => recipe with { UnfreezeAfter = value }
        );
        Real(
            "--backbone-lr",
            "Factor of --lr for all layers but the classifiers.",
            0,
            double.MaxValue,
            (recipe, value) => recipe with { BackboneRate = value }
        );
        Number(
            "--cached-features",
            "With --freeze backbone: run so many views of every image through the backbone once, then train the classifier on what came "
                + "out; 1 is chosen where nothing is augmented, 0 turns it off.",
            0,
            (recipe, value) => recipe with { CachedFeatures = value }
        );
        Number(
            "--patience",
            "End after so many epochs without a better held-out figure; 0 trains all epochs.",
            0,
            (recipe, value) => recipe with { Patience = value > 0 ? value : null }
        );
        Choice<ClassWeightsKind>(
            "--class-weights",
            "How much an image counts in the loss, by its class",
            (recipe, value) => recipe with { ClassWeights = value }
        );
        Choice<SamplingKind>("--sampling", "How often an epoch shows an image", (recipe, value) => recipe with { Sampling = value });
        Number(
            "--accumulate",
            "Parts that a step's images are computed in, one after the other, to need less memory.",
            1,
            (recipe, value) => recipe with { Accumulate = value }
        );
        Real("--mixup", "Alpha of mixup; 0 mixes no images.", 0, 1, (recipe, value) => recipe with { MixUp = value });
        Real("--cutmix", "Alpha of CutMix; 0 cuts no images.", 0, 1, (recipe, value) => recipe with { CutMix = value });
        Real("--beta2", "Decay of AdamW's mean square.", 0, 0.999999, (recipe, value) => recipe with { Beta2 = value });
        Real(
            "--adam-epsilon",
            "Epsilon that AdamW adds to its root.",
            0,
            double.MaxValue,
            (recipe, value) => recipe with { AdamEpsilon = value }
        );
        Real("--momentum", "Momentum.", 0, 1, (recipe, value) => recipe with { Momentum = value });
        Switch("--nesterov", "Nesterov's momentum.", (recipe, value) => recipe with { Nesterov = value });
        Real("--rms-decay", "Decay of RMSProp's mean square.", 0, 1, (recipe, value) => recipe with { RmsDecay = value });
        Real("--rms-epsilon", "Epsilon within RMSProp's root.", 0, double.MaxValue, (recipe, value) => recipe with { RmsEpsilon = value });
        Real(
            "--clip-norm",
            "Largest length of the whole gradient; 0 does not clip.",
            0,
            double.MaxValue,
            (recipe, value) => recipe with { ClipNorm = value > 0 ? value : null }
        );
        Real(
            "--weight-decay",
            "L2 penalty; of AdamW its own weight decay.",
            0,
            double.MaxValue,
            (recipe, value) => recipe with { WeightDecay = value }
        );
        Switch(
            "--decay-bias-and-norm",
            "Penalise biases and batch-norm parameters too.",
            (recipe, value) => recipe with { DecayBiasAndNorm = value }
        );
        Real(
            "--norm-bias-rate",
            "Multiplies the learning rate of batch normalisation's shifts.",
            0,
            double.MaxValue,
            (recipe, value) => recipe with { NormBiasRate = value }
        );
        Choice<PrecisionKind>("--precision", "What a step computes in", (recipe, value) => recipe with { Precision = value });
        Real(
            "--label-smoothing",
            "Share of the target spread over all classes.",
            0,
            1,
            (recipe, value) => recipe with { LabelSmoothing = value }
        );
        Real(
            "--teacher-weight",
            "What the teachers count in the loss of the main head; the labels count the rest. Auxiliary classifiers learn from the labels.",
            0,
            1,
            (recipe, value) => recipe with { TeacherWeight = value }
        );
        Real(
            "--teacher-temperature",
            "What the logits of teachers and network are divided by before they are compared.",
            0.1,
            double.MaxValue,
            (recipe, value) => recipe with { TeacherTemperature = value }
        );
        Real(
            "--aux-weight",
            "Weight of each auxiliary classifier's loss; 0 trains without them.",
            0,
            double.MaxValue,
            (recipe, value) => recipe with { AuxWeight = value }
        );
        Choice<AveragingKind>(
            "--averaging",
            "Mean of the weights that is kept",
            (recipe, value) => recipe with { Averaging = recipe.Averaging with { Kind = value } }
        );
        Real(
            "--averaging-decay",
            "Decay of the exponential mean.",
            0,
            1,
            (recipe, value) => recipe with { Averaging = recipe.Averaging with { Decay = value } }
        );
        Real(
            AveragingFrom,
            "Epochs before the uniform mean starts.",
            0,
            double.MaxValue,
            (recipe, value) => recipe with { Averaging = recipe.Averaging with { FromEpoch = value } }
        );
        Switch(
            "--no-augmentation",
            "Show every image as evaluation sees it, in every epoch, but for what is asked for by name.",
            (recipe, value) => value ? recipe with { Augmentation = AugmentationOptions.Off } : recipe
        );
        Choice<CropKind>(
            "--crop",
            "Where a training crop is taken",
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { Crop = value } }
        );
        Number(
            "--shift",
            "Largest move of a shifted crop in pixels.",
            0,
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { ShiftPixels = value } }
        );
        Choice<BorderKind>(
            "--border",
            "What a shifted crop shows outside the image",
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { Border = value } }
        );
        Real(
            "--min-area",
            "Smallest share of the image in a random-resized crop.",
            0.001,
            1,
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { MinArea = value } }
        );
        Real(
            "--max-aspect",
            "Largest aspect ratio of a random-resized crop.",
            1,
            double.MaxValue,
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { MaxAspect = value } }
        );
        Switch(
            "--random-interpolation",
            "Draw the filter of a random-resized crop.",
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { RandomInterpolation = value } }
        );
        Choice<PhotometricKind>(
            "--photometric",
            "How colours are distorted",
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { Photometric = value } }
        );
        Real(
            "--photometric-strength",
            "Share of the published distortion.",
            0,
            1,
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { PhotometricStrength = value } }
        );
        Switch(
            "--flip",
            "Mirror half of the images.",
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { Flip = value } }
        );
        Switch(
            "--alternating-flip",
            "Show both sides of an image in two epochs.",
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { AlternatingFlip = value } }
        );
        Number(
            "--cutout",
            "Side of a square painted in the mean colour, in pixels; 0 paints none.",
            0,
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { CutoutPixels = value } }
        );
        Number(
            "--rand-augment",
            "Operations of RandAugment on every image; 0 applies none.",
            0,
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { RandAugment = value } }
        );
        Real(
            "--rand-augment-strength",
            "Their strength.",
            0,
            10,
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { RandAugmentStrength = value } }
        );
        Real(
            "--erasing",
            "Probability of erasing a random box.",
            0,
            1,
            (recipe, value) => recipe with { Augmentation = recipe.Augmentation with { ErasingProbability = value } }
        );
    }

    /// <summary>All options, for the command.</summary>
    public IEnumerable<Option> Options => _knobs.Select(knob => knob.Option);

    /// <summary>The recipe with every knob that was given turned.</summary>
    public Recipe Apply(ParseResult arguments, Recipe recipe) =>
        _knobs.Aggregate(recipe, (current, knob) => IsGiven(arguments, knob.Option) ? knob.Apply(arguments, current) : current);

    /// <summary>The same for a run that goes on: with more epochs, a uniform mean that has begun, or is about to, does not move.</summary>
    public Recipe ApplyToRun(ParseResult arguments, Recipe recipe)
    {
        var applied = Apply(arguments, recipe);
        return
            applied.Epochs <= recipe.Epochs || _knobs.Exists(knob => knob.Option.Name == AveragingFrom && IsGiven(arguments, knob.Option))
            ? applied
            : applied with
            {
                Averaging = applied.Averaging with { FromEpoch = recipe.Averaging.FromEpoch },
            };
    }

    /// <summary>Whether it was said how much, or how, teachers count.</summary>
    public bool SetTeaching(ParseResult arguments) =>
        _knobs.Any(knob => knob.Option.Name.StartsWith("--teacher-", StringComparison.Ordinal) && IsGiven(arguments, knob.Option));

    private static bool IsGiven(ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    // A uniform mean starts at the same share of a shorter run, or it would not start at all.
    private static Recipe WithEpochs(Recipe recipe, int epochs) =>
        recipe with
        {
            Epochs = epochs,
            Averaging = recipe.Averaging with { FromEpoch = recipe.Averaging.FromEpoch * epochs / recipe.Epochs },
        };

    private void Number(string name, string description, int least, Func<Recipe, int, Recipe> apply) =>
        Add(
            name,
            description,
            $"a whole number of at least {least}",
            apply,
            text => int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least ? value : null
        );

    private void Real(string name, string description, double least, double most, Func<Recipe, double, Recipe> apply) =>
        Add(
            name,
            description,
            most < double.MaxValue ? $"a number from {least} to {most}" : $"a number of at least {least}",
            apply,
            text => double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null
        );

    private void Choice<T>(string name, string description, Func<Recipe, T, Recipe> apply)
        where T : struct, Enum =>
        Add(
            name,
            $"{description}: {string.Join(", ", EnumNames<T>.All)}.",
            $"one of {string.Join(", ", EnumNames<T>.All)}",
            apply,
            EnumNames<T>.TryParse,
            EnumNames<T>.All
        );

    private void Switch(string name, string description, Func<Recipe, bool, Recipe> apply)
    {
        Option<bool> option = new(name) { Description = $"{description} ({name} false turns it off)" };
        _knobs.Add((option, (arguments, recipe) => apply(recipe, arguments.GetValue(option))));
    }

    private void Add<T>(
        string name,
        string description,
        string expected,
        Func<Recipe, T, Recipe> apply,
        Func<string, T?> parse,
        IReadOnlyList<string>? known = null
    )
        where T : struct
    {
        Option<T> option = new(name)
        {
            Description = description,
            HelpName = known is null ? "value" : string.Join('|', known),
            CustomParser = result =>
            {
                if (parse(result.Tokens[0].Value) is { } value)
                    return value;
                var given = result.Tokens[0].Value;
                result.AddError($"{name} must be {expected}, not '{given}'.{Suggestion.For(given, known ?? [])}");
                return default;
            },
        };
        _knobs.Add((option, (arguments, recipe) => apply(recipe, arguments.GetValue(option))));
    }
}
