namespace Saccade.Training.Data;

/// <summary>A data set with its parts.</summary>
/// <param name="Labels">Class names by index.</param>
/// <param name="Split">How the parts were told apart, in one sentence.</param>
/// <param name="Train">What is learnt from; empty where there is nothing but images to measure on.</param>
/// <param name="HeldOut">What is measured on, and nothing else.</param>
public sealed record DataSet(IReadOnlyList<string> Labels, string Split, IImageSource Train, IImageSource HeldOut)
{
    private const int MostNamed = 10;
    private const int MostCounted = 40;

    /// <summary>Which part <see cref="HeldOut"/> is.</summary>
    public DataPart HeldOutPart { get; init; } = DataPart.Val;

    /// <summary>A third part, kept for a last measurement; null where there is none.</summary>
    public IImageSource? Test { get; init; }

    /// <summary>Opens a folder: IDX files if it has them, else images by class.</summary>
    /// <exception cref="InvalidDataException">The folder holds neither, or files that cannot be read.</exception>
    public static DataSet Open(string path) => Open(new DataLocation(path), _ => { });

    /// <summary>
    /// Opens a folder of IDX files, or images whose classes are told by folders (<see cref="FolderListing"/>) or a table
    /// (<see cref="ImageTable"/>).
    /// Image files are all decoded once, so that those that cannot be read are known before anything else happens.
    /// </summary>
    /// <param name="location">Where.</param>
    /// <param name="say">Told what was passed over and assumed, every file that cannot be read, and the images of each class; a line
    /// each.</param>
    /// <param name="whole">Whether all images are to be measured on, whatever their part.</param>
    /// <exception cref="InvalidDataException">There is no such data, classes cannot be told from it, or files cannot be read.</exception>
    public static DataSet Open(DataLocation location, Action<string> say, bool whole = false)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(say);
        if (!Directory.Exists(location.Path))
            throw new InvalidDataException($"There is no data folder '{location.Path}'.");
        if (location.Csv is null && IdxFolder.Matches(location.Path))
        {
            var packed = IdxFolder.Open(location.Path);
            return whole
                ? packed with
                {
                    Train = new Subset(packed.Train, []),
                    HeldOut = new JoinedImages(packed.Train, packed.HeldOut),
                }
                : packed;
        }

        var listing = Readable(ImageListing.Read(location, say), location.SkipUnreadable, say);
        var data = whole ? listing.ToWhole() : listing.ToDataSet(say);
        foreach (var line in ClassCounts.Of(data).ToLines(MostCounted))
            say(line);
        return data;
    }

    /// <summary>One of the parts.</summary>
    /// <exception cref="InvalidDataException">There is none of the name.</exception>
    public IImageSource Part(DataPart part) =>
        part == HeldOutPart ? HeldOut
        : part == DataPart.Train && Train.Count > 0 ? Train
        : part == DataPart.Test && Test is not null ? Test
        : throw new InvalidDataException(
            $"The data has no part {DataPartNames.Of(part)}; it has {string.Join(" and ", Parts().Select(known => known.Name))}."
        );

    /// <summary>The same with another part as what is measured on.</summary>
    /// <exception cref="InvalidDataException">There is none of the name.</exception>
    public DataSet Measuring(DataPart part) =>
        this with
        {
            HeldOut = Part(part),
            HeldOutPart = part,
            Split = $"The part {DataPartNames.Of(part)}, {Split}",
        };

    /// <summary>The parts with their names.</summary>
    internal IEnumerable<(string Name, IImageSource Images)> Parts()
    {
        if (Train.Count > 0)
            yield return (DataPartNames.Of(DataPart.Train), Train);
        yield return (DataPartNames.Of(HeldOutPart), HeldOut);
        if (Test is not null)
            yield return (DataPartNames.Of(DataPart.Test), Test);
    }

    /// <summary>The same images with the class indices of a model that knows at least these classes, by their names.</summary>
    /// <exception cref="InvalidDataException">A class is none of the model's.</exception>
    public DataSet WithLabels(IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.SequenceEqual(Labels, StringComparer.Ordinal))
            return this;
        var indices = labels
            .Index()
            .GroupBy(label => label.Item, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.First().Index, StringComparer.Ordinal);
        string[] unknown = [.. Labels.Where(label => !indices.ContainsKey(label))];
        if (unknown.Length > 0)
        {
            throw new InvalidDataException(
                $"{unknown.Length} of the data's {Labels.Count} classes are none of the model's: {Named(unknown)}. The model has "
                    + $"{Named([.. labels])}."
            );
        }

        int[] map = [.. Labels.Select(label => indices[label])];
        return this with
        {
            Labels = labels,
            Train = new RelabelledImages(Train, map),
            HeldOut = new RelabelledImages(HeldOut, map),
            Test = Test is null ? null : new RelabelledImages(Test, map),
        };
    }

    /// <summary>The same images with their shorter sides shrunk to so many pixels, so that no more is to be seen in them.</summary>
    public DataSet Shrink(int side) => this with { Train = new ShrunkImages(Train, side), HeldOut = new ShrunkImages(HeldOut, side) };

    /// <summary>The same with only the first images of each part, for quick trials.</summary>
    public DataSet Limit(int images) =>
        this with
        {
            Train = new Subset(Train, [.. Enumerable.Range(0, Math.Min(images, Train.Count))]),
            HeldOut = new Subset(HeldOut, [.. Enumerable.Range(0, Math.Min(images, HeldOut.Count))]),
        };

    /// <summary>Leaves out what cannot be read, or refuses.</summary>
    private static ImageListing Readable(ImageListing listing, bool skip, Action<string> say)
    {
        var images = FileCheck.Run(listing.Images, TimeProvider.System, say);
        CheckedImage[] unreadable = [.. images.Where(image => image.Problem is not null)];
        FileCheck.Tell(unreadable, say);
        if (unreadable.Length > 0 && !skip)
        {
            throw new InvalidDataException(
                $"{unreadable.Length} of {images.Length} images cannot be read; mend or remove them, or go on without them by "
                    + "--skip-unreadable."
            );
        }

        if (unreadable.Length > 0)
            say($"going on without {unreadable.Length} of {images.Length} images");
        var duplicates = Duplicates.Among(images);
        if (duplicates.Length > 0)
        {
            var (classes, parts) = (duplicates.Count(same => same.InTwoClasses), duplicates.Count(same => same.InTwoParts));
            say(
                $"warning: {Plural.Of(duplicates.Length, "file")} more than once, {classes} in two classes and {parts} in two parts; "
                    + "data check names them"
            );
        }

        return unreadable.Length == 0
            ? listing
            : listing with
            {
                Images = [.. images.Where(image => image.Problem is null).Select(image => image.Image)],
            };
    }

    private static string Named(string[] names) =>
        string.Join(", ", names.Take(MostNamed).Select(name => $"'{name}'"))
        + (names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : "");
}
