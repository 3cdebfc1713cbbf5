namespace Saccade.Training.Recipes;

/// <summary>The recipes that <c>train --recipe</c> knows.</summary>
public static class NamedRecipes
{
    /// <summary>For tens of thousands of small pictures and about an hour on a few cores.</summary>
    public const string SmallData = "small-data";

    /// <summary>GoogLeNet's own, as far as the paper says; the rest from its Caffe reproduction (architectures.md §3.1).</summary>
    public const string GoogLeNetPaper = "googlenet-paper";

    /// <summary>All recipes by name.</summary>
    public static IReadOnlyDictionary<string, Recipe> All { get; } = new Dictionary<string, Recipe>(StringComparer.Ordinal)
    {
        [SmallData] = new()
        {
            Name = SmallData,
            LabelSmoothing = 0.05,
            // The plans of 10, 12 and 144 crops look at enlarged pictures, so training shows them too.
            Augmentation = new() { Crop = CropKind.ShiftOrResized, MinArea = 0.4 },
        },
        [GoogLeNetPaper] = new()
        {
            Name = GoogLeNetPaper,
            Epochs = 250,
            BatchSize = 32,
            LearningRate = 0.01,
            Schedule = ScheduleKind.Step,
            WarmUpEpochs = 0,
            Nesterov = false,
            WeightDecay = 2e-4,
            Averaging = new() { Kind = AveragingKind.Polyak, FromEpoch = 200 },
            Augmentation = new() { Crop = CropKind.RandomResized, MinArea = 0.08 },
        },
    };
}
