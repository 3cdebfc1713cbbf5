namespace Saccade.Training.Data;

/// <summary>A folder with the images in it and the folders below it, each in ordinal order.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Images">Paths of the images that lie in it directly.</param>
/// <param name="Folders">The folders in it.</param>
internal sealed record ImageTree(string Path, IReadOnlyList<string> Images, IReadOnlyList<ImageTree> Folders)
{
    /// <summary>The folder's own name.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    /// <summary>Images in it and below, in ordinal order of their paths.</summary>
    public IEnumerable<string> AllImages => Below.Concat(Images).Order(StringComparer.Ordinal);

    /// <summary>Images below it alone.</summary>
    public IEnumerable<string> Below => Folders.SelectMany(folder => folder.AllImages);
}
