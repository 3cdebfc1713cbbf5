using System.Security.Cryptography;
using System.Text;

namespace Saccade.Training.Data;

/// <summary>Image files with their classes, none of them opened yet.</summary>
/// <param name="Labels">Class names by index, in ordinal order.</param>
/// <param name="Images">The files in a fixed order.</param>
/// <param name="PartsBy">What says the images' parts, as in "as the folders train and val say"; null where nothing does.</param>
internal sealed record ImageListing(IReadOnlyList<string> Labels, IReadOnlyList<ListedImage> Images, string? PartsBy)
{
    private const int HeldOutOneIn = 10;
    private const int LeastToSplit = 2;
    private const long SplitSeed = 1;

    /// <summary>Paths of images that cannot be read, as far as that is known: no part has them. They count where the parts are told apart,
    /// so that the parts are the same whether it is known or not.</summary>
    public IReadOnlySet<string> Unreadable { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The images without those.</summary>
    public IEnumerable<ListedImage> Readable => Images.Where(image => !Unreadable.Contains(image.Path));

    /// <summary>Lists a folder or a table; null where there are IDX files instead.</summary>
    /// <param name="location">Where.</param>
    /// <param name="say">Told what was passed over and assumed, a line each.</param>
    /// <exception cref="InvalidDataException">There is none, or classes cannot be told from it; the message says what to do.</exception>
    public static ImageListing? Find(DataLocation location, Action<string> say)
    {
        if (location.Csv is not null)
            return ImageTable.Read(location, say);
        if (!Directory.Exists(location.Path))
            throw new InvalidDataException($"There is no data folder '{location.Path}'.");
        return IdxFolder.Matches(location.Path) ? null : FolderListing.Read(location, say);
    }

    /// <summary>A listing of images whose classes are known by name.</summary>
    public static ImageListing Of(IReadOnlyList<(string Path, string Class, DataPart? Part)> images, string? partsBy)
    {
        string[] labels = [.. images.Select(image => image.Class).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var indices = labels.Index().ToDictionary(label => label.Item, label => label.Index, StringComparer.Ordinal);
        return new(labels, [.. images.Select(image => new ListedImage(image.Path, indices[image.Class], image.Part))], partsBy);
    }

    /// <summary>All images as one part, to measure on.</summary>
    public DataSet ToWhole() => new(Labels, DataSet.WholeSplit, Files([]), InFairOrder(Images)) { HeldOutPart = DataPart.Test };

    /// <summary>All images that can be read, class by class.</summary>
    public IImageSource ToSource() => Files(Images);

    /// <summary>What is there, to know it again.</summary>
    /// <param name="root">The folder of the data.</param>
    public DataFiles ToFiles(string root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var image in Images)
        {
            var size = new FileInfo(image.Path) is { Exists: true } file ? file.Length : -1;
            hash.AppendData(Encoding.UTF8.GetBytes($"{InRoot(root, image.Path)}\0{Labels[image.Label]}\0{image.Part}\0{size}\n"));
        }

        return new(Convert.ToHexStringLower(hash.GetHashAndReset()), Images.Count)
        {
            Unreadable = [.. Images.Select(image => image.Path).Where(Unreadable.Contains).Select(path => InRoot(root, path))],
        };
    }

    /// <summary>The same, with what could not be read then marked so.</summary>
    /// <param name="root">The folder of the data.</param>
    /// <param name="files">What was there then.</param>
    public ImageListing WithUnreadable(string root, DataFiles files)
    {
        var unreadable = files.Unreadable.ToHashSet(StringComparer.Ordinal);
        return this with
        {
            Unreadable = Images
                .Select(image => image.Path)
                .Where(path => unreadable.Contains(InRoot(root, path)))
                .ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>
    /// The images in their parts. Where nothing says the parts, or there is a training part alone, a stratified tenth of each class is held
    /// out. What is held out is <c>val</c>, or <c>test</c> where there is no <c>val</c>.
    /// </summary>
    /// <param name="say">Told which part is held out.</param>
    /// <exception cref="InvalidDataException">There are too few classes, or too few images of one.</exception>
    public DataSet ToDataSet(Action<string> say)
    {
        if (Labels.Count < 2)
        {
            var only = Labels is [var label] ? $"'{label}'" : "none";
            throw new InvalidDataException(
                $"There is one class only, {only} with {Plural.Of(Images.Count, "image")}; a network learns to tell at least two apart."
            );
        }

        var parts = Images.Select(image => image.Part).Distinct().ToArray();
        var heldOut =
            parts.Contains(DataPart.Val) ? DataPart.Val
            : parts.Contains(DataPart.Test) ? (DataPart?)DataPart.Test
            : null;
        return heldOut is { } part ? ByParts(part, say) : BySplit(say);
    }

    private DataSet ByParts(DataPart heldOut, Action<string> say)
    {
        var train = InPart(DataPart.Train);
        if (train.Length > 0)
            Require(train, 1, "to train on");
        // Shuffled by a fixed seed, so that the first n of a part are a fair sample of it.
        var order = SplitMix64.At(SplitSeed).Permutation(train.Length);
        var test = heldOut == DataPart.Test ? [] : InPart(DataPart.Test);
        say(
            $"held out to measure on: {DataPartNames.Of(heldOut)}"
                + (test.Length > 0 ? "; test is kept for evaluate --split test" : "")
                + $" ({PartsBy})"
        );
        return new DataSet(Labels, PartsBy!, Files(order.Select(index => train[index])), InFairOrder(InPart(heldOut)))
        {
            HeldOutPart = heldOut,
            Test = test.Length > 0 ? InFairOrder(test) : null,
        };
    }

    private DataSet BySplit(Action<string> say)
    {
        Require(Images, LeastToSplit, "to hold one out and train on the others");
        var (train, heldOut) = StratifiedSplit.Split(
            [.. Images.Select(image => image.Label)],
            count => Math.Max(1, count / HeldOutOneIn),
            SplitSeed
        );
        Require(train.Select(index => Images[index]), 1, "to train on");
        say("held out to measure on: a tenth of each class, at least one image, by a fixed seed; there is no val or test part");
        return new DataSet(
            Labels,
            "a stratified tenth of each class held out by a fixed seeded permutation",
            Files(train.Select(index => Images[index])),
            Files(heldOut.Select(index => Images[index]))
        );
    }

    private void Require(IEnumerable<ListedImage> images, int least, string why)
    {
        var counts = new int[Labels.Count];
        foreach (var image in images.Where(image => !Unreadable.Contains(image.Path)))
            counts[image.Label]++;
        var few = Enumerable.Range(0, counts.Length).Where(label => counts[label] < least).ToArray();
        if (few.Length == 0)
            return;
        var listed = few.Take(10).Select(label => $"'{Labels[label]}' has {counts[label]}");
        throw new InvalidDataException(
            $"Too few images in {few.Length} of {Labels.Count} classes: {string.Join(", ", listed)}{(few.Length > 10 ? ", …" : "")}; "
                + $"each class needs {(least == 1 ? "an image" : $"at least {least}")} {why}. Add images or remove the class; "
                + "evaluate --split all measures on any number."
        );
    }

    private ListedImage[] InPart(DataPart part) => [.. Images.Where(image => image.Part == part)];

    private static string InRoot(string root, string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');

    private ImageFiles InFairOrder(IReadOnlyList<ListedImage> images) =>
        Files(FairOrder.Of([.. images.Select(image => image.Label)]).Select(index => images[index]));

    private ImageFiles Files(IEnumerable<ListedImage> images) =>
        new([.. images.Where(image => !Unreadable.Contains(image.Path)).Select(image => (image.Path, image.Label))]);
}

/// <summary>An image file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">Its class, an index into the listing's labels.</param>
/// <param name="Part">Its part; null where nothing says.</param>
internal sealed record ListedImage(string Path, int Label, DataPart? Part);
