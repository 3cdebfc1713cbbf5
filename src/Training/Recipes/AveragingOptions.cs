namespace Saccade.Training.Recipes;

/// <summary>The average of the weights that is evaluated and kept (architectures.md §3.5). It never alters the trained weights.</summary>
public sealed record AveragingOptions
{
    /// <summary>Exponential or uniform, or none.</summary>
    public AveragingKind Kind { get; init; } = AveragingKind.Ema;

    /// <summary>Largest decay of the exponential mean, in [0, 1).</summary>
    public double Decay { get; init; } = 0.9995;

    /// <summary>Epochs (may be fractional) before the uniform mean starts; until then it follows the weights.</summary>
    public double FromEpoch { get; init; }
}
