using System.Text.RegularExpressions;
using Saccade.Training.Data;

namespace Saccade.Training.Prediction;

/// <summary>From what was named on the command line to images.</summary>
public static class InputImages
{
    private static readonly char[] Wildcards = ['*', '?'];

    /// <summary>The images of files, folders and patterns.</summary>
    /// <param name="inputs">
    /// Folders, whose images are taken however deep they lie (<see cref="FolderWalk"/>); files; and patterns, in which <c>*</c> and
    /// <c>?</c> stand for characters of one name and <c>**</c> for any number of folders.
    /// </param>
    /// <param name="say">Told what was passed over in folders, a line each.</param>
    /// <returns>
    /// Input by input, those of a folder or a pattern in ordinal order. A name is relative to the folder if that is the only input,
    /// otherwise the path as it was written.
    /// </returns>
    /// <exception cref="InvalidDataException">An input is not there, or has no image.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder in one may not be read.</exception>
    public static IReadOnlyList<InputImage> Find(IReadOnlyList<string> inputs, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(say);
        return [.. inputs.SelectMany(input => Find(input, isOnly: inputs.Count == 1, say))];
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

    private static InputImage[] Find(string input, bool isOnly, Action<string> say)
    {
        if (Directory.Exists(input))
            return Some(
                input,
                Under(input, say).Select(file => new InputImage(isOnly ? file : Join(input, file), Path.Combine(input, file)))
            );
        if (File.Exists(input))
            return [new(input, input)];
        if (input.IndexOfAny(Wildcards) < 0)
            throw new InvalidDataException($"There is no file or folder '{input}'.");

        var folder = input[..(input[..input.IndexOfAny(Wildcards)].LastIndexOf('/') + 1)];
        var pattern = Pattern(input[folder.Length..]);
        var root = folder.Length == 0 ? "." : folder;
        return Some(
            input,
            (Directory.Exists(root) ? Under(root, _ => { }) : []) // what a pattern does not name is no news
                .Where(file => pattern.IsMatch(file))
                .Select(file => new InputImage(folder + file, folder + file))
        );
    }

    private static InputImage[] Some(string input, IEnumerable<InputImage> images)
    {
        var found = images.ToArray();
        return found.Length > 0 ? found : throw new InvalidDataException($"'{input}' has no images.");
    }

    /// <summary>Images however deep, relative to the folder, with slashes, in ordinal order.</summary>
    private static IEnumerable<string> Under(string folder, Action<string> say) =>
        FolderWalk
            .Read(folder, say)
            .AllImages.Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
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
