namespace Saccade.TestSupport;

/// <summary>The files of tests/fixtures, which are copied beside the test assembly.</summary>
public static class Fixtures
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "fixtures");

    /// <summary>Reads one.</summary>
    /// <param name="folder">Folder in tests/fixtures.</param>
    /// <param name="name">File name.</param>
    public static byte[] Read(string folder, string name) => File.ReadAllBytes(Path.Combine(Root, folder, name));

    /// <summary>The sorted names of the files in a folder that match a pattern; an empty folder is an error, or a test over it would prove
    /// nothing.</summary>
    public static IReadOnlyList<string> List(string folder, string pattern)
    {
        string[] names =
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Root, folder), pattern)
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];
        return names.Length > 0 ? names : throw new FileNotFoundException($"No {pattern} in tests/fixtures/{folder}.");
    }
}
