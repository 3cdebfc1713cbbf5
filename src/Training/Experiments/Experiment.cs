using Saccade.Inference.Bundles;

namespace Saccade.Training.Experiments;

/// <summary>A small-data version of a paper's table: variants trained alike but for what the table compares, several seeds each.</summary>
public sealed record Experiment
{
    /// <summary>As on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What it compares, as a headline.</summary>
    public required string Title { get; init; }

    /// <summary>What the paper found and where, in one or two sentences.</summary>
    public required string Published { get; init; }

    /// <summary>Arguments of <c>train</c> that all variants share.</summary>
    public required string Common { get; init; }

    /// <summary>Passes over the training images, where the command line says nothing else.</summary>
    public required int Epochs { get; init; }

    /// <summary>Training images, and held-out ones at most, where the command line says nothing else.</summary>
    public int Images { get; init; } = 12_000;

    /// <summary>Runs of every variant, where the command line says nothing else.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>The rows; the others are compared with the first.</summary>
    public required IReadOnlyList<ExperimentVariant> Variants { get; init; }

    /// <summary>Crop plans to measure on held-out images, by single models and by all of a variant's together; none for a table of
    /// variants.</summary>
    public IReadOnlyList<CropMode> Crops { get; init; } = [];
}
