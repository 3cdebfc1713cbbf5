namespace Saccade.Training.Data;

/// <summary>
/// Finds the images under a folder, for training and for predicting alike, without what systems and programs leave there: hidden files and
/// folders, thumbnails, the shadow files of archives. A link is followed if it leads to a place under the same folder, and not in a circle.
/// </summary>
internal sealed class FolderWalk
{
    private const int MostNamed = 10;

    private static readonly HashSet<string> SystemFolders = new(StringComparer.OrdinalIgnoreCase)
    {
        "__MACOSX",
        "@eaDir",
        "$RECYCLE.BIN",
        "System Volume Information",
        "thumbnails",
    };

    private static readonly HashSet<string> SystemFiles = new(StringComparer.OrdinalIgnoreCase)
    {
        "Thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
    };

    // Formats that the decoder refuses are images too: they are to be told about, not left out in silence.
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".webp",
        ".gif",
        ".bmp",
        ".tif",
        ".tiff",
        ".heic",
        ".heif",
        ".avif",
        ".jxl",
    };

    private readonly string _root;
    private readonly SortedDictionary<string, int> _leftovers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _others = new(StringComparer.Ordinal);
    private readonly List<string> _links = [];

    private FolderWalk(string root) => _root = root;

    /// <summary>Lists a folder and all below it; opens no file.</summary>
    /// <param name="path">The folder; may be a link.</param>
    /// <param name="say">Told what was passed over, a line for each kind and for each link.</param>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be listed.</exception>
    public static ImageTree Read(string path, Action<string> say)
    {
        var real = RealPath(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var walk = new FolderWalk(real);
        var tree = walk.Read(new DirectoryInfo(path), path, [real]);
        walk.Tell(say);
        return tree;
    }

    /// <param name="folder">What to list.</param>
    /// <param name="path">What to call it.</param>
    /// <param name="chain">The folder and those above it up to the root, without links.</param>
    private ImageTree Read(DirectoryInfo folder, string path, string[] chain)
    {
        List<string> images = [];
        List<ImageTree> folders = [];
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var inside = Path.Combine(path, entry.Name);
            if (Leftover(entry) is { } leftover)
                Count(_leftovers, leftover);
            else if (entry is FileInfo && !Extensions.Contains(entry.Extension))
                Count(_others, entry.Extension.Length > 0 ? entry.Extension.ToLowerInvariant() : "without an extension");
            else if (RealPlace(entry, inside, chain) is { } real)
            {
                if (entry is DirectoryInfo below)
                    folders.Add(Read(below, inside, [.. chain, real]));
                else
                    images.Add(inside);
            }
        }

        return new ImageTree(path, images, folders);
    }

    /// <summary>By what name a leftover is counted; null if an entry is none.</summary>
    private static string? Leftover(FileSystemInfo entry)
    {
        if (entry is FileInfo && entry.Name.StartsWith("._", StringComparison.Ordinal))
            return "._*";
        return entry.Name.StartsWith('.') || (entry is DirectoryInfo ? SystemFolders : SystemFiles).Contains(entry.Name)
            ? entry.Name
            : null;
    }

    /// <summary>Where an entry really is; null for a link that is not followed, which is noted.</summary>
    private string? RealPlace(FileSystemInfo entry, string path, string[] chain)
    {
        if (entry.LinkTarget is null)
            return Path.Combine(chain[^1], entry.Name);
        var real = Target(entry);
        var fault =
            real is null ? "leads nowhere"
            : !real.StartsWith(Path.TrimEndingDirectorySeparator(_root) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && real != _root
                ? "leads out of the folder"
            : chain.Contains(real, StringComparer.Ordinal) ? "leads in a circle"
            : null;
        if (fault is null)
            return real;
        _links.Add($"passed over the link '{path}', which {fault}");
        return null;
    }

    private static string? Target(FileSystemInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target ? RealPath(target.FullName) : null;
        }
        catch (IOException)
        {
            return null; // links to each other
        }
    }

    /// <summary>A path with every link in it resolved. Something must be there.</summary>
    private static string RealPath(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;
        var here = Path.Combine(RealPath(parent), Path.GetFileName(path));
        return new FileInfo(here).ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealPath(target.FullName) : here;
    }

    private static void Count(SortedDictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    private void Tell(Action<string> say)
    {
        if (_leftovers.Count > 0)
            say($"passed over what systems and programs left: {Listed(_leftovers)}");
        if (_others.Count > 0)
            say($"passed over files that are no images by their names: {Listed(_others)}");
        foreach (var link in _links.Take(MostNamed))
            say(link);
        if (_links.Count > MostNamed)
            say($"passed over {_links.Count - MostNamed} more links");
    }

    private static string Listed(SortedDictionary<string, int> counts)
    {
        var named = counts.Take(MostNamed).Select(name => name.Value == 1 ? name.Key : $"{name.Key} ({name.Value})");
        return string.Join(", ", named) + (counts.Count > MostNamed ? $" and {counts.Count - MostNamed} other names" : "");
    }
}
