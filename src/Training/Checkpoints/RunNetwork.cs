using Saccade.Training.Networks;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Checkpoints;

/// <summary>Which network a run trains: enough to build it again.</summary>
public sealed record RunNetwork
{
    /// <summary>Preset, such as <c>googlenet-bn</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Number of classes, at least 2.</summary>
    public required int Classes { get; init; }

    /// <summary>Channel multiplier.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Rows and columns of the input.</summary>
    public required int InputSize { get; init; }

    /// <summary>How far the image is shrunk before the first blocks; null leaves it to the input's size.</summary>
    public Stem? Stem { get; init; }

    /// <summary>Whose network; null is the preset's first.</summary>
    public string? Variant { get; init; }

    /// <summary>All its traits, so that a run stays what it was when a variant is corrected; null takes the variant's.</summary>
    public TraitSet? Traits { get; init; }

    /// <summary>Whether the auxiliary classifiers exist while training; they are never exported.</summary>
    public bool Aux { get; init; }

    /// <summary>Probability of the main head's dropout; null keeps the variant's.</summary>
    public double? Dropout { get; init; }
}
