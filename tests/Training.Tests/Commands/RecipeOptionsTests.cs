using System.CommandLine;
using Saccade.Training.Commands.Train;
using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class RecipeOptionsTests
{
    private static readonly Recipe Base = NamedRecipes.All[NamedRecipes.SmallData];

    private static readonly AveragingOptions Averaging = Base.Averaging;

    private static readonly AugmentationOptions Augmentation = Base.Augmentation;

    public static TheoryData<string, Recipe> Knobs =>
        new()
        {
            { "--epochs 7", Base with { Epochs = 7 } },
            { "--batch 64", Base with { BatchSize = 64 } },
            { "--lr 0.25", Base with { LearningRate = 0.25 } },
            { "--schedule step", Base with { Schedule = ScheduleKind.Step } },
            { "--warm-up 0.5", Base with { WarmUpEpochs = 0.5 } },
            { "--step-factor 0.5", Base with { StepFactor = 0.5 } },
            { "--step-epochs 2.5", Base with { StepEpochs = 2.5 } },
            { "--optimiser rmsprop", Base with { Optimiser = OptimiserKind.RmsProp } },
            { "--rms-decay 0.95", Base with { RmsDecay = 0.95 } },
            { "--rms-epsilon 0.1", Base with { RmsEpsilon = 0.1 } },
            { "--clip-norm 2", Base with { ClipNorm = 2 } },
            { "--random-interpolation", Base with { Augmentation = Augmentation with { RandomInterpolation = true } } },
            { "--photometric inception", Base with { Augmentation = Augmentation with { Photometric = PhotometricKind.Inception } } },
            { "--photometric-strength 0.5", Base with { Augmentation = Augmentation with { PhotometricStrength = 0.5 } } },
            { "--momentum 0.8", Base with { Momentum = 0.8 } },
            { "--nesterov false", Base with { Nesterov = false } },
            { "--weight-decay 0", Base with { WeightDecay = 0 } },
            { "--decay-bias-and-norm", Base with { DecayBiasAndNorm = true } },
            { "--norm-bias-rate 64", Base with { NormBiasRate = 64 } },
            { "--precision bf16", Base with { Precision = PrecisionKind.BFloat16 } },
            { "--border reflect", Base with { Augmentation = Augmentation with { Border = BorderKind.Reflect } } },
            { "--alternating-flip", Base with { Augmentation = Augmentation with { AlternatingFlip = true } } },
            { "--cutout 8", Base with { Augmentation = Augmentation with { CutoutPixels = 8 } } },
            { "--label-smoothing 0.1", Base with { LabelSmoothing = 0.1 } },
            { "--aux-weight 0.4", Base with { AuxWeight = 0.4 } },
            { "--averaging polyak", Base with { Averaging = Averaging with { Kind = AveragingKind.Polyak } } },
            { "--averaging-decay 0.99", Base with { Averaging = Averaging with { Decay = 0.99 } } },
            { "--averaging-from 3", Base with { Averaging = Averaging with { FromEpoch = 3 } } },
            { "--crop random-resized", Base with { Augmentation = Augmentation with { Crop = CropKind.RandomResized } } },
            { "--shift 3", Base with { Augmentation = Augmentation with { ShiftPixels = 3 } } },
            { "--min-area 0.5", Base with { Augmentation = Augmentation with { MinArea = 0.5 } } },
            { "--max-aspect 2", Base with { Augmentation = Augmentation with { MaxAspect = 2 } } },
            { "--flip false", Base with { Augmentation = Augmentation with { Flip = false } } },
            { "--freeze stages:3", Base with { Freeze = FreezeDepth.FirstStages(3) } },
            { "--unfreeze-after 2", Base with { UnfreezeAfter = 2 } },
            { "--backbone-lr 0.1", Base with { BackboneRate = 0.1 } },
            { "--cached-features 4", Base with { CachedFeatures = 4 } },
            { "--patience 5", Base with { Patience = 5 } },
            { "--class-weights balanced", Base with { ClassWeights = ClassWeightsKind.Balanced } },
            { "--sampling balanced", Base with { Sampling = SamplingKind.Balanced } },
            { "--accumulate 4", Base with { Accumulate = 4 } },
            { "--teacher-weight 0.5", Base with { TeacherWeight = 0.5 } },
            { "--teacher-temperature 2", Base with { TeacherTemperature = 2 } },
            { "--mixup 0.2", Base with { MixUp = 0.2 } },
            { "--cutmix 1", Base with { CutMix = 1 } },
            { "--beta2 0.99", Base with { Beta2 = 0.99 } },
            { "--adam-epsilon 1e-7", Base with { AdamEpsilon = 1e-7 } },
            { "--no-augmentation", Base with { Augmentation = AugmentationOptions.Off } },
            { "--rand-augment 2", Base with { Augmentation = Augmentation with { RandAugment = 2 } } },
            { "--rand-augment-strength 5", Base with { Augmentation = Augmentation with { RandAugmentStrength = 5 } } },
            { "--erasing 0.25", Base with { Augmentation = Augmentation with { ErasingProbability = 0.25 } } },
            { "", Base },
        };

    [Theory]
    [MemberData(nameof(Knobs))]
    public void Apply_OneKnob_TurnsThatKnobAlone(string arguments, Recipe expected)
    {
        RecipeOptions options = new();
        var parsed = Parse(options, arguments);

        Assert.Empty(parsed.Errors);
        Assert.Equal(expected, options.Apply(parsed, Base));
    }

    [Fact]
    public void Apply_FewerEpochs_StartTheUniformMeanAtTheSameShareOfTheRun()
    {
        RecipeOptions options = new();
        var paper = NamedRecipes.All[NamedRecipes.GoogLeNetPaper];

        var shorter = options.Apply(Parse(options, "--epochs 5"), paper);

        Assert.Equal((250, 200.0), (paper.Epochs, paper.Averaging.FromEpoch));
        Assert.Equal((5, 4.0), (shorter.Epochs, shorter.Averaging.FromEpoch));
        Assert.Equal(1, options.Apply(Parse(options, "--epochs 5 --averaging-from 1"), paper).Averaging.FromEpoch);
    }

    [Fact]
    public void ApplyToRun_MoreEpochs_LeaveTheUniformMeanWhereItWasUnlessItIsSaid()
    {
        RecipeOptions options = new();
        var paper = NamedRecipes.All[NamedRecipes.GoogLeNetPaper];

        Assert.Equal(200, options.ApplyToRun(Parse(options, "--epochs 500"), paper).Averaging.FromEpoch);
        Assert.Equal(400, options.ApplyToRun(Parse(options, "--epochs 500 --averaging-from 400"), paper).Averaging.FromEpoch);
        Assert.Equal(300, options.ApplyToRun(Parse(options, "--epochs 500 --averaging-from 300"), paper).Averaging.FromEpoch);
    }

    /// <summary>Who says what to freeze does not mean the recipe's end of it.</summary>
    [Fact]
    public void Apply_FreezeOverAFineTuningRecipe_LastsUnlessItIsSaidForHowLong()
    {
        RecipeOptions options = new();
        var recipe = NamedRecipes.All[NamedRecipes.FineTune];

        Assert.NotNull(recipe.UnfreezeAfter);
        Assert.Null(options.Apply(Parse(options, "--freeze backbone"), recipe).UnfreezeAfter);
        Assert.Equal(7, options.Apply(Parse(options, "--unfreeze-after 7 --freeze stages:2"), recipe).UnfreezeAfter);
    }

    [Theory]
    [InlineData("--clip-norm 0", "inception-v3-paper")]
    [InlineData("--step-epochs 3", "xception-jft")]
    public void Apply_KnobOfAPapersRecipe_TakesTheOtherFormAway(string arguments, string name)
    {
        RecipeOptions options = new();

        var recipe = options.Apply(Parse(options, arguments), NamedRecipes.All[name]);

        Assert.Null(recipe.ClipNorm);
        Assert.Null(recipe.StepImages);
    }

    [Fact]
    public void Knobs_CoverEveryOption() =>
        Assert.Equal(
            new RecipeOptions().Options.Select(option => option.Name).Order(),
            Knobs.Select(row => ((string)row[0]).Split(' ')[0]).Where(name => name.Length > 0).Order()
        );

    [Theory]
    [InlineData("--epochs 0")]
    [InlineData("--epochs many")]
    [InlineData("--batch -1")]
    [InlineData("--lr -0.1")]
    [InlineData("--lr NaN")]
    [InlineData("--momentum 1.5")]
    [InlineData("--min-area 0")]
    [InlineData("--max-aspect 0.5")]
    [InlineData("--erasing 2")]
    [InlineData("--schedule sawtooth")]
    [InlineData("--crop corner")]
    [InlineData("--freeze stages:0")]
    [InlineData("--freeze body")]
    [InlineData("--mixup 2")]
    [InlineData("--teacher-weight 1.5")]
    [InlineData("--teacher-temperature 0")]
    public void Parse_OutOfRange_IsOneErrorThatNamesTheOption(string arguments)
    {
        var error = Assert.Single(Parse(new RecipeOptions(), arguments).Errors);

        Assert.DoesNotContain('\n', error.Message);
        Assert.All(arguments.Split(' '), word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    private static ParseResult Parse(RecipeOptions options, string arguments)
    {
        RootCommand command = new();
        foreach (var option in options.Options)
            command.Add(option);
        return command.Parse(arguments);
    }
}
