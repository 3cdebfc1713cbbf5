namespace Saccade.Training.Data;

/// <summary>Where labelled images are, and which of them count.</summary>
/// <param name="Path">A folder; with a <paramref name="Csv"/>, what its paths are relative to.</param>
/// <param name="Csv">A table of paths and classes (<see cref="ImageTable"/>); null where folders say the classes.</param>
/// <param name="Recursive">Whether images in folders below a class's folder count too.</param>
/// <param name="SkipUnreadable">Whether to go on without images that cannot be read.</param>
public sealed record DataLocation(string Path, string? Csv = null, bool Recursive = false, bool SkipUnreadable = false)
{
    /// <summary>What the data is called: the last part of the table's path, or else of the folder's.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Csv ?? Path)));
}
