using System.Globalization;
using System.Text;

namespace Saccade.Inference.Bundles;

/// <summary>
/// What the files of a bundle look like from outside: names, lengths, times. Two that are equal hold, in all likelihood, the same.
/// </summary>
internal sealed record BundleSnapshot
{
    private readonly string _files;

    private BundleSnapshot(string files) => _files = files;

    /// <summary>Looks at every file under a folder, through links. A folder that is gone looks like an empty one.</summary>
    public static BundleSnapshot Of(string folder)
    {
        var files = new StringBuilder();
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                files.Append(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(folder, path)}|{LengthAndTime(path)}\n");
            }
        }
        catch (DirectoryNotFoundException)
        {
            return new("");
        }

        return new(files.ToString());
    }

    private static string LengthAndTime(string path)
    {
        try
        {
            // Through a handle, because a path would tell the length and time of a link itself.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return string.Create(CultureInfo.InvariantCulture, $"{RandomAccess.GetLength(file)}|{File.GetLastWriteTimeUtc(file).Ticks}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.GetType().Name;
        }
    }
}
