namespace Saccade.Training.Recipes;

/// <summary>The recipes that <c>train --recipe</c> knows. docs/training.md shows them side by side, with the source of each
/// value.</summary>
public static class NamedRecipes
{
    /// <summary>For tens of thousands of small images and about an hour on a few cores.</summary>
    public const string SmallData = "small-data";

    /// <summary>
    /// For CIFAR-10 and about an hour on one core. Shifts over a reflected border, alternating flips and a triangle of the rate are those
    /// of Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU"; label smoothing is half of its 0.2.
    /// </summary>
    public const string Cifar10Fast = "cifar10-fast";

    /// <summary>GoogLeNet's own, as far as the paper says; the rest from its Caffe reproduction (architectures.md §3.1).</summary>
    public const string GoogLeNetPaper = "googlenet-paper";

    /// <summary>
    /// For a trained network and hundreds to tens of thousands of images of other classes. The new classifier is trained alone at first,
    /// because gradients through one that knows nothing yet would spoil what the rest has learnt (Kumar et al. 2022); then everything, the
    /// rest at a tenth of the rate. AdamW asks less of the learning rate than momentum does, and its steps do not depend on the size of
    /// the loss. Small batches make enough steps of few images. No auxiliary classifiers, which help gradients into layers that know
    /// nothing yet, and no average, which a few hundred steps do not fill. Half of the crops are those of evaluation, because few epochs
    /// are not enough to learn what a part of an object looks like and still know the whole.
    /// </summary>
    public const string FineTune = "fine-tune";

    /// <summary>All recipes by name.</summary>
    public static IReadOnlyDictionary<string, Recipe> All { get; } = List().ToDictionary(recipe => recipe.Name, StringComparer.Ordinal);

    private static IEnumerable<Recipe> List() =>
        [
            new()
            {
                Name = SmallData,
                LabelSmoothing = 0.05,
                // The plans of 10, 12 and 144 crops are cut from enlarged images, so training shows them too.
                Augmentation = new() { Crop = CropKind.ShiftOrResized, MinArea = 0.4 },
            },
            new()
            {
                Name = Cifar10Fast,
                Epochs = 8,
                LearningRate = 0.2,
                Schedule = ScheduleKind.Linear,
                WarmUpEpochs = 1.5,
                LabelSmoothing = 0.1,
                AuxWeight = 0,
                Precision = PrecisionKind.BFloat16,
                Averaging = new() { Decay = 0.995 },
                Augmentation = new() { Border = BorderKind.Reflect, AlternatingFlip = true },
            },
            new()
            {
                Name = FineTune,
                BatchSize = 32,
                LearningRate = 0.005,
                Optimiser = OptimiserKind.AdamW,
                Nesterov = false,
                WeightDecay = 0.01,
                LabelSmoothing = 0.1,
                AuxWeight = 0,
                Freeze = FreezeDepth.Backbone,
                UnfreezeAfter = 3,
                BackboneRate = 0.1,
                Averaging = new() { Kind = AveragingKind.None },
                Augmentation = new() { Crop = CropKind.ShiftOrResized, MinArea = 0.35 },
            },
            .. GoogLeNetRecipes.All,
            .. BatchNormInceptionRecipes.All,
            .. InceptionRecipes.All,
            .. XceptionRecipes.All,
        ];
}
