namespace Saccade.Training.Data;

/// <summary>
/// Images sorted into one folder per class: either <c>train/class/…</c> beside <c>val/class/…</c> and <c>test/class/…</c>, each in any
/// usual spelling, or <c>class/…</c> alone.
/// </summary>
internal sealed class FolderListing
{
    private readonly DataLocation _location;
    private readonly Action<string> _say;
    private readonly List<string> _problems = [];

    private FolderListing(DataLocation location, Action<string> say) => (_location, _say) = (location, say);

    /// <summary>Lists a folder.</summary>
    /// <param name="location">The folder.</param>
    /// <param name="say">Told what was passed over and assumed, a line each.</param>
    /// <exception cref="InvalidDataException">The folder is not sorted by class; the message says what to do.</exception>
    public static ImageListing Read(DataLocation location, Action<string> say) => new FolderListing(location, say).Read();

    /// <summary>Whether a folder looks sorted by class: it has at least two folders, and no image lies beside them.</summary>
    public static bool Matches(string path) => FolderWalk.Read(path, _ => { }) is { Images.Count: 0, Folders.Count: >= 2 };

    private ImageListing Read()
    {
        var root = FolderWalk.Read(_location.Path, _say);
        var parts = root.Folders.Where(folder => DataPartNames.Find(folder.Name) is not null && folder.Folders.Count > 0).ToArray();
        if (parts.Length == 0)
            RequireClasses(root);
        else
            TellBeside(root, parts);
        var found =
            parts.Length == 0
                ? [.. Classes(root, part: null)]
                : parts.SelectMany(part => Classes(part, DataPartNames.Find(part.Name))).ToArray();
        if (parts.Length > 0)
            RequireSameClasses(parts, found);
        if (_problems.Count > 0)
            throw new InvalidDataException(string.Join(" ", _problems));

        var names = parts.OrderBy(part => DataPartNames.Find(part.Name)).Select(part => part.Name);
        return ImageListing.Of(found, parts.Length == 0 ? null : $"as the folders {string.Join(" and ", names)} say");
    }

    /// <summary>The images of every class folder in a folder.</summary>
    private List<(string Path, string Class, DataPart? Part)> Classes(ImageTree folder, DataPart? part)
    {
        if (folder.Images.Count > 0 && folder.Folders.Count > 0)
            _say($"passed over {Some(folder.Images)} in '{folder.Path}' itself, in no class's folder");
        List<(string Path, string Class, DataPart? Part)> found = [];
        List<string> empty = [];
        List<string> nested = [];
        foreach (var inClass in folder.Folders)
        {
            var images = _location.Recursive ? inClass.AllImages : inClass.Images;
            var before = found.Count;
            found.AddRange(images.Select(image => (image, inClass.Name, part)));
            if (found.Count == before)
                empty.Add(inClass.Name);
            if (!_location.Recursive)
                nested.AddRange(inClass.Below);
        }

        if (nested.Count > 0)
            _say($"passed over {Some(nested)} in folders below the classes of '{folder.Path}'; --recursive takes them in");
        // A part to measure on may lack classes, and says so below.
        if (empty.Count > 0 && part is null or DataPart.Train)
            _problems.Add(
                $"No images in {QuotedNames.Of(empty)} of '{folder.Path}'{(nested.Count > 0 ? " itself; --recursive looks deeper" : "")}."
            );
        return found;
    }

    private void RequireClasses(ImageTree root)
    {
        if (root.Folders.Count == 0)
        {
            throw new InvalidDataException(
                root.Images.Count == 0
                    ? $"'{root.Path}' holds no images: a folder for each class is expected, or IDX files."
                    : $"'{root.Path}' holds {Some(root.Images)} but no folder for each class; sort them into folders that are named "
                        + "after the classes, or name the classes in a table (--csv)."
            );
        }

        if (root.Folders is [{ Images.Count: 0, Folders: [_, _, ..] } only])
            throw new InvalidDataException($"'{root.Path}' holds the folder '{only.Name}' alone; did you mean '{only.Path}'?");
        if (root.Folders.All(folder => DataPartNames.Find(folder.Name) is not null))
        {
            throw new InvalidDataException(
                $"{string.Join(" and ", root.Folders.Select(folder => $"'{folder.Path}'"))} should hold a folder for each class; sort the "
                    + "images into such folders, or name the classes in a table (--csv)."
            );
        }

        foreach (var folder in root.Folders.Where(folder => DataPartNames.Find(folder.Name) is not null))
            _say($"'{folder.Path}' holds no folders, so it counts as a class, not as a part");
    }

    /// <summary>What lies beside the parts: a folder that would have been one, or something else.</summary>
    private void TellBeside(ImageTree root, ImageTree[] parts)
    {
        if (root.Images.Count > 0)
            _say($"passed over {Some(root.Images)} beside the parts");
        foreach (var folder in root.Folders.Except(parts))
        {
            _say(
                DataPartNames.Find(folder.Name) is null ? $"passed over the folder '{folder.Path}' beside the parts"
                : folder.Images.Count == 0 ? $"passed over '{folder.Path}', which is empty"
                : $"passed over '{folder.Path}': {Plural.Of(folder.Images.Count, "image")} in no class's folder"
            );
        }

        foreach (var same in parts.GroupBy(part => DataPartNames.Find(part.Name)).Where(group => group.Count() > 1))
            _problems.Add($"{string.Join(" and ", same.Select(part => $"'{part.Path}'"))} are the same part; keep one of them.");
    }

    private void RequireSameClasses(ImageTree[] parts, (string Path, string Class, DataPart? Part)[] found)
    {
        var classes = found.ToLookup(image => image.Part, image => image.Class);
        var known = classes[DataPart.Train].ToHashSet(StringComparer.Ordinal);
        if (known.Count == 0)
            return;
        foreach (var part in parts.Where(part => DataPartNames.Find(part.Name) != DataPart.Train))
        {
            var here = classes[DataPartNames.Find(part.Name)].Distinct(StringComparer.Ordinal).ToArray();
            var unknown = here.Where(name => !known.Contains(name)).ToArray();
            if (unknown.Length > 0)
                _problems.Add($"'{part.Path}' has classes that the training part has not: {QuotedNames.Of(unknown)}.");
            var missing = known.Except(here, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            if (missing.Length > 0)
                _say($"'{part.Path}' has no images of {QuotedNames.Of(missing)}");
        }
    }

    private static string Some(IReadOnlyList<string> images) =>
        images.Count == 1 ? $"one image ({Path.GetFileName(images[0])})" : $"{images.Count} images ({Path.GetFileName(images[0])}, …)";
}
