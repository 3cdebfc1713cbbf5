namespace Saccade.Training.Data;

/// <summary>
/// Images sorted into one folder per class, in ordinal order of the names: either <c>train/class/…</c> beside <c>val/class/…</c>,
/// or <c>class/…</c> alone, of which a stratified tenth of each class is held out by <see cref="StratifiedSplit"/>.
/// </summary>
public static class ImageFolder
{
    private const string TrainPart = "train";
    private const string HeldOutPart = "val";
    private const int HeldOutOneIn = 10;
    private const long SplitSeed = 1;

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png", ".webp" };

    /// <summary>Whether a folder looks like one: it has at least two folders, and no image lies beside them.</summary>
    public static bool Matches(string path) =>
        Directory.EnumerateDirectories(path).Take(2).Count() == 2 && !Directory.EnumerateFiles(path).Any(IsImage);

    /// <summary>Every image under a folder, however deep, in ordinal order.</summary>
    public static IReadOnlyList<string> Images(string path) =>
        [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsImage).Order(StringComparer.Ordinal)];

    /// <summary>Lists the images; none is opened yet.</summary>
    /// <exception cref="InvalidDataException">A part or a class is empty, or both parts do not have the same classes.</exception>
    public static DataSet Open(string path)
    {
        var (train, heldOut) = (Path.Combine(path, TrainPart), Path.Combine(path, HeldOutPart));
        return Directory.Exists(train) && Directory.Exists(heldOut) ? OpenParts(train, heldOut) : OpenWhole(path);
    }

    private static DataSet OpenParts(string trainPath, string heldOutPath)
    {
        var (labels, train) = List(trainPath);
        var (heldOutLabels, heldOut) = List(heldOutPath);
        if (!labels.SequenceEqual(heldOutLabels, StringComparer.Ordinal))
            throw new InvalidDataException($"'{trainPath}' and '{heldOutPath}' do not have the same class folders.");

        // Shuffled by a fixed seed, so that the first n of a part are a fair sample of it.
        var order = SplitMix64.At(SplitSeed).Permutation(train.Length);
        return new DataSet(
            labels,
            "as the folders train and val say",
            new ImageFiles([.. order.Select(index => train[index])]),
            new ImageFiles(heldOut)
        );
    }

    private static DataSet OpenWhole(string path)
    {
        var (labels, files) = List(path);
        var classes = files.Select(file => file.Label).ToArray();
        var (train, heldOut) = StratifiedSplit.Split(classes, count => Math.Max(1, count / HeldOutOneIn), SplitSeed);
        if (train.Length == 0)
            throw new InvalidDataException($"'{path}' has too few images to hold any out.");
        ImageFiles all = new(files);
        return new DataSet(
            labels,
            "a stratified tenth of each class held out by a fixed seeded permutation",
            new Subset(all, train),
            new Subset(all, heldOut)
        );
    }

    private static (string[] Labels, (string Path, int Label)[] Files) List(string path)
    {
        var folders = Directory.GetDirectories(path).Order(StringComparer.Ordinal).ToArray();
        if (folders.Length < 2)
            throw new InvalidDataException($"'{path}' holds neither IDX files nor a folder per class.");

        List<(string Path, int Label)> files = [];
        for (var label = 0; label < folders.Length; label++)
        {
            var images = Images(folders[label]);
            if (images.Count == 0)
                throw new InvalidDataException($"'{folders[label]}' holds no images.");
            foreach (var image in images)
                files.Add((image, label));
        }

        return ([.. folders.Select(folder => Path.GetFileName(folder))], [.. files]);
    }

    private static bool IsImage(string file) => Extensions.Contains(Path.GetExtension(file));
}
