using Saccade.Inference.Bundles;
using Saccade.Training.Recipes;

namespace Saccade.Training.Checkpoints;

/// <summary><c>run.json</c>: all that defines a run, written once at its start. Export and resume build from it.</summary>
public sealed record RunRecord
{
    /// <summary>The format this code writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Format of this file.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The network.</summary>
    public required RunNetwork Network { get; init; }

    /// <summary>Class names by output index.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>From a decoded image to the input tensor, the same in evaluation and in the exported bundle.</summary>
    public required ManifestPreprocessing Preprocessing { get; init; }

    /// <summary>What it learns from.</summary>
    public required RunData Data { get; init; }

    /// <summary>Every knob.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>What it started from; null means random weights.</summary>
    public RunInit? Init { get; init; }

    /// <summary>The networks whose predictions it learns from; null where it learns from labels alone.</summary>
    public IReadOnlyList<RunInit>? Teachers { get; init; }

    /// <summary>The replicas that train together; null trains without any.</summary>
    public RunReplicas? Replicas { get; init; }

    /// <summary>Start of every random choice.</summary>
    public required long Seed { get; init; }

    /// <summary>Threads that compute, of each replica where there are several. Sums are ordered by it, so it belongs to what makes a run
    /// repeatable.</summary>
    public required int Threads { get; init; }

    /// <summary>Epochs from one measurement on the held-out part to the next, at least 1; the last epoch is always measured.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Numbers of epochs that it was meant to have before it was given more, and how many were done then; null where it was
    /// not.</summary>
    public IReadOnlyList<RunExtension>? Extensions { get; init; }

    /// <summary>The command line, without the program's name.</summary>
    public required string CommandLine { get; init; }

    /// <summary>What it ran on, by name: the tool, .NET, libtorch.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }
}
