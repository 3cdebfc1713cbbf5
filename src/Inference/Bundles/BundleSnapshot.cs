using System.Globalization;
using System.Text;

namespace Saccade.Inference.Bundles;

/// <summary>
/// What the files of a bundle look like from outside: names, kinds, lengths, times. Two that are equal hold, in all likelihood, the same.
/// The model card does not count: people write into it, and nothing is loaded from it.
/// </summary>
internal sealed record BundleSnapshot
{
    /// <summary>Deep enough for what a bundle holds; a link to a folder above would have no end.</summary>
    public static readonly EnumerationOptions EveryFile = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 3,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };

    private const string ModelCard = "README.md";

    private readonly string _files;

    private BundleSnapshot(string files) => _files = files;

    /// <summary>Looks at every file under a folder, through links, and opens none. A folder that is gone looks like an empty one.</summary>
    public static BundleSnapshot Of(string folder)
    {
        var files = new StringBuilder();
        try
        {
            var paths = Directory.EnumerateFiles(folder, "*", EveryFile).Where(path => Path.GetFileName(path) != ModelCard);
            foreach (var path in paths.Concat(TritonFiles(folder)).Order(StringComparer.Ordinal))
                files.Append(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(folder, path)}|{StatusOf(path)}\n");
        }
        catch (DirectoryNotFoundException)
        {
            return new("");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(error.GetType().Name);
        }

        return new(files.ToString());
    }

    /// <summary>In a repository of Triton, what is beside the versions' folders belongs to each: configuration and labels.</summary>
    private static IEnumerable<string> TritonFiles(string folder) =>
        Path.GetDirectoryName(folder) is { } model && BundleFiles.Exists(model, TritonConfig.FileName)
            ? Directory.EnumerateFiles(model).Where(path => Path.GetFileName(path) != ModelCard)
            : [];

    private static string StatusOf(string path)
    {
        try
        {
            var status = FileStatus.Of(path);
            return string.Create(CultureInfo.InvariantCulture, $"{status?.Kind}|{status?.Length}|{status?.ModifiedAt}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.GetType().Name;
        }
    }
}
