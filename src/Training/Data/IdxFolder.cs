using Saccade.Training.Checkpoints;

namespace Saccade.Training.Data;

/// <summary>A folder of the four IDX files that MNIST made customary, with <c>labels.txt</c> and <c>SPLIT.md</c> where known.</summary>
public static class IdxFolder
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string HeldOutImages = "t10k-images-idx3-ubyte";
    private const string HeldOutLabels = "t10k-labels-idx1-ubyte";
    private const string ClassNames = "labels.txt";
    private const string SplitNote = "SPLIT.md";

    /// <summary>The data files, in a fixed order.</summary>
    public static IReadOnlyList<string> Files { get; } = [TrainImages, TrainLabels, HeldOutImages, HeldOutLabels];

    /// <summary>Whether a folder looks like one.</summary>
    public static bool Matches(string path) => File.Exists(Path.Combine(path, TrainImages));

    /// <summary>Reads all four files.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged, or disagrees with the others.</exception>
    public static DataSet Open(string path)
    {
        foreach (var file in Files)
        {
            if (!File.Exists(Path.Combine(path, file)))
                throw new InvalidDataException($"'{path}' lacks {file}.");
        }

        var train = Pair(path, TrainImages, TrainLabels);
        var heldOut = Pair(path, HeldOutImages, HeldOutLabels);
        return new DataSet(Labels(path, Math.Max(train.Classes, heldOut.Classes)), Split(path), train, heldOut);
    }

    /// <summary>Writes a folder that <see cref="Open"/> reads.</summary>
    /// <param name="path">Created if need be; files of the same names are replaced.</param>
    /// <param name="train">Pictures and labels to learn from.</param>
    /// <param name="heldOut">Pictures and labels to measure on.</param>
    /// <param name="labels">Class names.</param>
    /// <param name="split">First a sentence that says it all, then any detail.</param>
    public static void Write(string path, (IdxFile Images, IdxFile Labels) train, (IdxFile Images, IdxFile Labels) heldOut, IReadOnlyList<string> labels, string split)
    {
        Directory.CreateDirectory(path);
        AtomicFile.Write(Path.Combine(path, TrainLabels), train.Labels.Write);
        AtomicFile.Write(Path.Combine(path, HeldOutImages), heldOut.Images.Write);
        AtomicFile.Write(Path.Combine(path, HeldOutLabels), heldOut.Labels.Write);
        AtomicFile.WriteText(Path.Combine(path, ClassNames), string.Concat(labels.Select(label => label + "\n")));
        AtomicFile.WriteText(Path.Combine(path, SplitNote), $"# Split\n\n{split.TrimEnd()}\n");
        AtomicFile.Write(Path.Combine(path, TrainImages), train.Images.Write); // last: its presence marks the folder
    }

    private static IdxImages Pair(string path, string images, string labels) =>
        new(IdxFile.Read(Path.Combine(path, images), rank: 3), IdxFile.Read(Path.Combine(path, labels), rank: 1));

    private static string[] Labels(string path, int classes)
    {
        var file = Path.Combine(path, ClassNames);
        var labels = File.Exists(file)
            ? File.ReadAllLines(file)
            : [.. Enumerable.Range(0, classes).Select(index => index.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        return labels.Length >= classes
            ? labels
            : throw new InvalidDataException($"'{file}' names {labels.Length} classes; the labels need {classes}.");
    }

    private static string Split(string path)
    {
        var file = Path.Combine(path, SplitNote);
        var sentence = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.Length > 0 && line[0] != '#') : null;
        return sentence ?? "as the IDX files come";
    }
}
