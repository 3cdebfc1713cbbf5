namespace Saccade.Training.Recipes;

/// <summary>How BN-Inception was trained (architectures.md §3.2).</summary>
internal static class BatchNormInceptionRecipes
{
    private const long ImageNetImages = 1_281_167;
    private const double FasterDecay = 6;

    /// <summary>BN-Baseline: GoogLeNet's recipe at a rate of 0.0015, 13.3 million steps of 32 to its best.</summary>
    private static Recipe Baseline { get; } =
        GoogLeNetRecipes.Paper with
        {
            Name = "bn-inception-baseline",
            Epochs = (int)(13_300_000 * 32 / ImageNetImages),
            LearningRate = 0.0015,
        };

    /// <summary>
    /// BN-x5: five times the rate, no dropout, a fifth of the weight decay, a rate that falls six times as fast, weaker colour
    /// distortions (how much weaker is not said; half is taken). Long enough for BN-x30's 6 million steps.
    /// </summary>
    private static Recipe TimesFive { get; } =
        Baseline with
        {
            Name = "bn-inception-x5",
            Epochs = (int)(6_000_000 * 32 / ImageNetImages),
            LearningRate = 5 * 0.0015,
            StepEpochs = GoogLeNetRecipes.Paper.StepEpochs / FasterDecay,
            WeightDecay = GoogLeNetRecipes.Paper.WeightDecay / 5,
            Dropout = 0,
            Averaging = new() { Kind = AveragingKind.Polyak, FromEpoch = 120 },
            Augmentation = GoogLeNetRecipes.Paper.Augmentation with { PhotometricStrength = 0.5 },
        };

    /// <summary>The paper's three, of which BN-x30 is the one of its ensemble; then that of the Caffe reproduction.</summary>
    public static IEnumerable<Recipe> All { get; } =
    [
        TimesFive with
        {
            Name = "bn-inception-paper",
            LearningRate = 30 * 0.0015,
        },
        TimesFive,
        Baseline,
        Baseline with
        {
            Name = "bn-inception-caffe",
            Epochs = 30,
            BatchSize = 64,
            LearningRate = 0.045,
            StepImages = 6_400 * 64,
            Dropout = null,
            Averaging = new() { Kind = AveragingKind.None },
            Augmentation = new() { Crop = CropKind.Window },
        },
    ];
}
