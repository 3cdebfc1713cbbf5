namespace Saccade.Training.Recipes;

/// <summary>How Xception, and the Inception-v3 it was compared with, were trained (architectures.md §3.4). Neither had side
/// heads.</summary>
internal static class XceptionRecipes
{
    /// <summary>
    /// ImageNet's: momentum, ×0.94 every 2 epochs, decay of 1e-5, dropout of one half, synchronous replicas, averaged weights. The paper
    /// does not say batch, length or augmentation: these are Inception-v3's.
    /// </summary>
    private static Recipe ImageNet { get; } =
        new()
        {
            Name = "xception-imagenet",
            Epochs = 100,
            BatchSize = 32,
            LearningRate = 0.045,
            Schedule = ScheduleKind.Step,
            WarmUpEpochs = 0,
            StepFactor = 0.94,
            StepEpochs = 2,
            Nesterov = false,
            WeightDecay = 1e-5,
            Dropout = 0.5,
            AuxWeight = 0,
            Averaging = new() { Kind = AveragingKind.Polyak, FromEpoch = 80 },
            Augmentation = new()
            {
                Crop = CropKind.RandomResized,
                MinArea = 0.05,
                RandomInterpolation = true,
                Photometric = PhotometricKind.Inception,
            },
        };

    /// <summary>
    /// ImageNet's and JFT's: RMSProp at 0.001, ×0.9 every 3,000,000 images, no dropout, asynchronous replicas. JFT's images have many
    /// labels each and another loss; ours have one. RMSProp's constants are not said: TensorFlow's defaults.
    /// </summary>
    public static IEnumerable<Recipe> All { get; } =
    [
        ImageNet,
        ImageNet with
        {
            Name = "xception-jft",
            Optimiser = OptimiserKind.RmsProp,
            RmsEpsilon = 1e-10,
            LearningRate = 0.001,
            StepFactor = 0.9,
            StepImages = 3_000_000,
            Dropout = 0,
        },
    ];
}
