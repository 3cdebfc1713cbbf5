using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Saccade.Training.Prediction;

/// <summary>From what was named on the command line to images.</summary>
public static class InputImages
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png", ".webp" };
    private static readonly char[] Wildcards = ['*', '?'];

    /// <summary>The images of files, folders and patterns.</summary>
    /// <param name="inputs">
    /// Folders, whose images are taken however deep they lie; files; and patterns, in which <c>*</c> and <c>?</c> stand for characters of
    /// one name and <c>**</c> for any number of folders.
    /// </param>
    /// <returns>
    /// Input by input, those of a folder or a pattern in ordinal order. A name is relative to the folder if that is the only input,
    /// otherwise the path as it was written.
    /// </returns>
    /// <exception cref="InvalidDataException">An input is not there, or has no image.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder in one may not be read.</exception>
    public static IReadOnlyList<InputImage> Find(IReadOnlyList<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return [.. inputs.SelectMany(input => Find(input, isOnly: inputs.Count == 1))];
    }

    /// <summary>The images that a list names, a path a line, in its order; whether they are there is not looked at.</summary>
    /// <returns>Read as they are asked for, so that a list may be longer than memory.</returns>
    public static IEnumerable<InputImage> Read(TextReader list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return Lines(list);

        static IEnumerable<InputImage> Lines(TextReader list)
        {
            while (list.ReadLine() is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line))
                    yield return new(line, line);
            }
        }
    }

    private static InputImage[] Find(string input, bool isOnly)
    {
        if (Directory.Exists(input))
            return Some(input, Under(input).Select(file => new InputImage(isOnly ? file : Join(input, file), Path.Combine(input, file))));
        if (File.Exists(input))
            return [new(input, input)];
        if (input.IndexOfAny(Wildcards) < 0)
            throw new InvalidDataException($"There is no file or folder '{input}'.");

        var folder = input[..(input[..input.IndexOfAny(Wildcards)].LastIndexOf('/') + 1)];
        var pattern = Pattern(input[folder.Length..]);
        var root = folder.Length == 0 ? "." : folder;
        return Some(
            input,
            (Directory.Exists(root) ? Under(root) : [])
                .Where(file => pattern.IsMatch(file))
                .Select(file => new InputImage(folder + file, folder + file))
        );
    }

    private static InputImage[] Some(string input, IEnumerable<InputImage> images)
    {
        var found = images.ToArray();
        return found.Length > 0 ? found : throw new InvalidDataException($"'{input}' has no images ({string.Join(", ", Extensions)}).");
    }

    /// <summary>Images however deep, with slashes, in ordinal order. Hidden files and folders are left out, and links to folders, which may
    /// lead in a circle.</summary>
    private static IEnumerable<string> Under(string folder) =>
        new FileSystemEnumerable<string>(
            folder,
            static (ref entry) => entry.ToSpecifiedFullPath(),
            new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = FileAttributes.Hidden,
                IgnoreInaccessible = false,
            }
        )
        {
            ShouldIncludePredicate = static (ref entry) =>
                !entry.IsDirectory && Extensions.Contains(Path.GetExtension(entry.FileName).ToString()),
            ShouldRecursePredicate = static (ref entry) =>
                !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && !entry.FileName.SequenceEqual("__MACOSX"),
        }
            .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal);

    private static Regex Pattern(string glob)
    {
        var pattern = Regex
            .Escape(glob)
            .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal);
        return new($"^{pattern}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }

    private static string Join(string folder, string file) => $"{folder.TrimEnd('/')}/{file}";
}
