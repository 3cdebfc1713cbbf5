namespace Saccade.Training.Recipes;

/// <summary>How Inception-v2 and -v3 were trained (architectures.md §3.3).</summary>
internal static class InceptionRecipes
{
    /// <summary>
    /// The paper's, with RMSProp, label smoothing and clipping. Its silences are filled from the authors' TensorFlow code: momentum, weight
    /// decay, dropout, auxiliary classifier's weight, decay of the average, crops and colours. The paper had 50 replicas of 32 images each.
    /// </summary>
    private static Recipe Version3 { get; } =
        new()
        {
            Name = "inception-v3-paper",
            Epochs = 100,
            BatchSize = 32,
            LearningRate = 0.045,
            Schedule = ScheduleKind.Step,
            WarmUpEpochs = 0,
            StepFactor = 0.94,
            StepEpochs = 2,
            Optimiser = OptimiserKind.RmsProp,
            Nesterov = false,
            ClipNorm = 2,
            WeightDecay = 4e-5,
            LabelSmoothing = 0.1,
            Dropout = 0.2,
            AuxWeight = 0.4,
            Averaging = new() { Kind = AveragingKind.Ema, Decay = 0.9999 },
            Augmentation = new()
            {
                Crop = CropKind.RandomResized,
                MinArea = 0.05,
                RandomInterpolation = true,
                Photometric = PhotometricKind.Inception,
            },
        };

    /// <summary>Version 2 (momentum, no smoothing), version 3, and the TensorFlow code on one machine, which does
    /// not clip.</summary>
    public static IEnumerable<Recipe> All { get; } =
    [
        Version3 with
        {
            Name = "inception-v2-paper",
            Optimiser = OptimiserKind.Sgd,
            LabelSmoothing = 0,
        },
        Version3,
        Version3 with
        {
            Name = "inception-v3-tensorflow",
            LearningRate = 0.1,
            StepFactor = 0.16,
            StepEpochs = 30,
            ClipNorm = null,
        },
    ];
}
