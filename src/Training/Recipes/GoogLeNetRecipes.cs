namespace Saccade.Training.Recipes;

/// <summary>How GoogLeNet was trained (architectures.md §3.1).</summary>
internal static class GoogLeNetRecipes
{
    /// <summary>
    /// The paper's: momentum 0.9, ×0.96 every 8 epochs, dropout of 40 %, auxiliary classifiers at 0.3, crops of 8–100 % at aspect 3/4–4/3
    /// resized by a random filter, Howard's colours, Polyak averaging. It is silent on rate, batch, decay and length: these are Caffe's.
    /// </summary>
    public static Recipe Paper { get; } =
        new()
        {
            Name = NamedRecipes.GoogLeNetPaper,
            Epochs = 250,
            BatchSize = 32,
            LearningRate = 0.01,
            Schedule = ScheduleKind.Step,
            WarmUpEpochs = 0,
            Nesterov = false,
            WeightDecay = 2e-4,
            Dropout = 0.4,
            Averaging = new() { Kind = AveragingKind.Polyak, FromEpoch = 200 },
            Augmentation = new()
            {
                Crop = CropKind.RandomResized,
                MinArea = 0.08,
                RandomInterpolation = true,
                Photometric = PhotometricKind.Howard,
            },
        };

    /// <summary>The paper's, then Caffe's two solvers: the default one and the quick one, which falls by a square root over 60
    /// epochs.</summary>
    public static IEnumerable<Recipe> All { get; } =
    [
        Paper,
        Paper with
        {
            Name = "googlenet-caffe",
            Averaging = new() { Kind = AveragingKind.None },
            Augmentation = new() { Crop = CropKind.Window },
        },
        Paper with
        {
            Name = "googlenet-caffe-quick",
            Epochs = 60,
            Schedule = ScheduleKind.Polynomial,
            Averaging = new() { Kind = AveragingKind.None },
            Augmentation = new() { Crop = CropKind.Window },
        },
    ];
}
