using System.Text.Json;

namespace Saccade.Training.Import;

/// <summary>Class names by output index.</summary>
internal static class LabelFile
{
    private const int ImageNetClasses = 1000;
    private const long MaxBytes = 16 << 20;

    /// <summary>Reads a file: one name a line, or a JSON array of names.</summary>
    /// <exception cref="InvalidDataException">It is missing, or has not one name for each class.</exception>
    public static IReadOnlyList<string> Read(string path, int classes)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new InvalidDataException($"there is no file of labels '{path}'");
        if (file.Length > MaxBytes)
            throw new InvalidDataException($"'{path}' is too large to be a file of labels");

        var labels = Parse(path, File.ReadAllText(path));
        if (labels.Length != classes)
            throw new InvalidDataException($"'{path}' has {labels.Length} labels; the network has {classes} classes");
        if (Array.FindIndex(labels, string.IsNullOrWhiteSpace) is var empty and >= 0)
            throw new InvalidDataException($"'{path}': label {empty + 1} is empty");
        return labels;
    }

    /// <summary>
    /// ImageNet's names where there are 1000 classes, or 1001 with a background first, as in TensorFlow; otherwise numbers.
    /// </summary>
    public static IReadOnlyList<string> Usual(int classes) =>
        classes switch
        {
            ImageNetClasses => ImageNet(),
            ImageNetClasses + 1 => ["background", .. ImageNet()],
            _ => [.. Enumerable.Range(0, classes).Select(index => $"class {index}")],
        };

    /// <summary>The 1000 classes of ILSVRC 2012 in their order, by the names that torchvision gives them.</summary>
    private static string[] ImageNet()
    {
        using var stream = typeof(LabelFile).Assembly.GetManifestResourceStream("imagenet-labels.txt")!;
        using var reader = new StreamReader(stream);
        return Lines(reader.ReadToEnd());
    }

    private static string[] Parse(string path, string text)
    {
        if (!text.TrimStart().StartsWith('['))
            return Lines(text);

        try
        {
            return JsonSerializer.Deserialize<string[]>(text)!;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no JSON array of names: {error.Message}", error);
        }
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n', StringSplitOptions.TrimEntries);
}
