namespace Saccade.Training.Data;

/// <summary>
/// A folder of the four IDX files that MNIST made customary, with <c>labels.txt</c> and <c>SPLIT.md</c> where known. Grey images are
/// <c>idx3</c> files [n, rows, columns]; coloured ones are <c>idx4</c> files [n, rows, columns, 3].
/// </summary>
public static class IdxFolder
{
    private const int Grey = 3;
    private const int Coloured = 4;
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string HeldOutImages = "t10k-images-idx3-ubyte";
    private const string HeldOutLabels = "t10k-labels-idx1-ubyte";
    private const string ClassNames = "labels.txt";
    private const string SplitNote = "SPLIT.md";

    /// <summary>The data files of grey images, in a fixed order.</summary>
    public static IReadOnlyList<string> Files { get; } = [TrainImages, TrainLabels, HeldOutImages, HeldOutLabels];

    /// <summary>Whether a folder looks like one.</summary>
    public static bool Matches(string path) => RankIn(path) is not null;

    /// <summary>Reads all four files.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged, or disagrees with the others.</exception>
    public static DataSet Open(string path)
    {
        var rank = RankIn(path) ?? Grey;
        foreach (var file in new[] { Named(TrainImages, rank), TrainLabels, Named(HeldOutImages, rank), HeldOutLabels })
        {
            if (!File.Exists(Path.Combine(path, file)))
                throw new InvalidDataException($"'{path}' lacks {file}.");
        }

        var train = Pair(path, TrainImages, TrainLabels, rank);
        var heldOut = Pair(path, HeldOutImages, HeldOutLabels, rank);
        return new DataSet(Labels(path, Math.Max(train.Classes, heldOut.Classes)), Split(path), train, heldOut)
        {
            HeldOutPart = DataPart.Test,
        };
    }

    /// <summary>Writes a folder that <see cref="Open"/> reads.</summary>
    /// <param name="path">Created if need be; files of the same names are replaced.</param>
    /// <param name="train">Images and labels to learn from.</param>
    /// <param name="heldOut">Images and labels to measure on.</param>
    /// <param name="labels">Class names.</param>
    /// <param name="split">First a sentence that says it all, then any detail.</param>
    public static void Write(
        string path,
        (IdxFile Images, IdxFile Labels) train,
        (IdxFile Images, IdxFile Labels) heldOut,
        IReadOnlyList<string> labels,
        string split
    )
    {
        Directory.CreateDirectory(path);
        var rank = train.Images.Shape.Count;
        AtomicFile.Write(Path.Combine(path, TrainLabels), train.Labels.Write);
        AtomicFile.Write(Path.Combine(path, Named(HeldOutImages, rank)), heldOut.Images.Write);
        AtomicFile.Write(Path.Combine(path, HeldOutLabels), heldOut.Labels.Write);
        AtomicFile.WriteText(Path.Combine(path, ClassNames), string.Concat(labels.Select(label => label + "\n")));
        AtomicFile.WriteText(Path.Combine(path, SplitNote), $"# Split\n\n{split.TrimEnd()}\n");
        AtomicFile.Write(Path.Combine(path, Named(TrainImages, rank)), train.Images.Write); // last: its presence marks the folder
    }

    private static int? RankIn(string path) =>
        new[] { Grey, Coloured }
            .Select(rank => (int?)rank)
            .FirstOrDefault(rank => File.Exists(Path.Combine(path, Named(TrainImages, rank!.Value))));

    private static string Named(string file, int rank) => rank == Grey ? file : file.Replace("idx3", "idx4", StringComparison.Ordinal);

    private static IdxImages Pair(string path, string images, string labels, int rank) =>
        new(IdxFile.Read(Path.Combine(path, Named(images, rank)), rank), IdxFile.Read(Path.Combine(path, labels), rank: 1));

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
