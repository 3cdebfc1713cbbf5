namespace Saccade.Inference.Bundles;

/// <summary>What one look at the folder of models found.</summary>
/// <param name="Versions">Every version of every model, by name, then version.</param>
/// <param name="Unserved">What looks like a model, or like a part of one, and is in a place where none is looked for.</param>
/// <param name="Unreadable">Names of models whose folders could not be looked at: their versions may be there or not.</param>
/// <param name="IsEmpty">Whether there is no folder at all, as under a mount that is lost.</param>
internal sealed record RepositoryContents(
    IReadOnlyList<FoundVersion> Versions,
    IReadOnlyList<UnservedPath> Unserved,
    IReadOnlyList<string> Unreadable,
    bool IsEmpty
);

/// <summary>A file or folder that nobody can ask for.</summary>
/// <param name="Path">From the folder of models on.</param>
/// <param name="Advice">What would have it served, in a sentence without its subject and full stop.</param>
internal sealed record UnservedPath(string Path, string Advice);
