namespace Saccade.Inference.Bundles;

/// <summary>A folder of the repository that is named like a version.</summary>
/// <param name="Name">Of the model.</param>
/// <param name="Version">Of the version, at least 1.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="HoldsEnsemble">Whether there is an ensemble in it.</param>
/// <param name="HoldsBundle">Whether there is anything to load.</param>
internal sealed record FoundVersion(string Name, long Version, string Folder, bool HoldsEnsemble, bool HoldsBundle);
