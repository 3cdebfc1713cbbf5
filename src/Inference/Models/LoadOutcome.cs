using Saccade.Inference.Bundles;

namespace Saccade.Inference.Models;

/// <summary>What came of loading a version: one of the last three is set.</summary>
/// <param name="Files">What the files looked like before anything was read; null if they could not be looked at in time.</param>
internal sealed record LoadOutcome(BundleSnapshot? Files)
{
    /// <summary>Warm, but not serving yet.</summary>
    public ModelRuntime? Runtime { get; init; }

    /// <summary>An ensemble, read but not compared with its members.</summary>
    public EnsembleDefinition? Ensemble { get; init; }

    /// <summary>Why there is neither.</summary>
    public LoadFailure? Failure { get; init; }
}
