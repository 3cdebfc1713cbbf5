namespace Saccade.Training.Data;

/// <summary>A data set with its parts.</summary>
/// <param name="Labels">Class names by index.</param>
/// <param name="Split">How the parts were told apart, in one sentence.</param>
/// <param name="Train">What is learnt from; empty where there is nothing but images to measure on.</param>
/// <param name="HeldOut">What is measured on, and nothing else.</param>
public sealed record DataSet(IReadOnlyList<string> Labels, string Split, IImageSource Train, IImageSource HeldOut)
{
    internal const string WholeSplit = "all images of the data";

    private const int MostCounted = 40;

    /// <summary>Which part <see cref="HeldOut"/> is.</summary>
    public DataPart HeldOutPart { get; init; } = DataPart.Val;

    /// <summary>A third part, kept for a last measurement; null where there is none.</summary>
    public IImageSource? Test { get; init; }

    /// <summary>What image files it is made of; null where it is not made of such files, or nobody wanted to know.</summary>
    public DataFiles? Files { get; init; }

    /// <summary>Opens a folder: IDX files if it has them, else images by class.</summary>
    /// <exception cref="InvalidDataException">The folder holds neither, or IDX files that cannot be read.</exception>
    public static DataSet Open(string path) => Open(new DataLocation(path), _ => { });

    /// <summary>
    /// Opens a folder of IDX files, or images whose classes are told by folders (<see cref="FolderListing"/>) or a table
    /// (<see cref="ImageTable"/>). No image file is opened: one that cannot be read is an error when it is asked for.
    /// </summary>
    /// <param name="location">Where.</param>
    /// <param name="say">Told what was passed over and assumed, and the images of each class; a line each.</param>
    /// <param name="whole">Whether all images are to be measured on, whatever their part.</param>
    /// <exception cref="InvalidDataException">There is no such data, or classes cannot be told from it.</exception>
    public static DataSet Open(DataLocation location, Action<string> say, bool whole = false)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(say);
        var data =
            ImageListing.Find(location, say) is { } listing ? (whole ? listing.ToWhole() : listing.ToDataSet(say))
            : whole ? IdxFolder.Open(location.Path).ToWhole()
            : IdxFolder.Open(location.Path);
        return Counted(data, say);
    }

    /// <summary>Opens data to train on: every image file is decoded once, so that all that cannot be read are known before anything else
    /// happens.</summary>
    /// <param name="location">Where.</param>
    /// <param name="say">Told also of every file that cannot be read, and how many are there twice.</param>
    /// <exception cref="InvalidDataException">There is no such data, classes cannot be told from it, or files cannot be read and are not to
    /// be skipped.</exception>
    public static DataSet OpenChecked(DataLocation location, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(say);
        if (ImageListing.Find(location, say) is not { } listing)
            return Open(location, say);
        var report = DataReport.Of(listing, TimeProvider.System, say);
        report.TellProblems(location.SkipUnreadable, say);
        return WithFiles(report.Listing, location.Path, say);
    }

    /// <summary>Opens data again that <see cref="OpenChecked"/> has seen. No image file is opened.</summary>
    /// <param name="location">Where.</param>
    /// <param name="files">What was there then; the images that could not be read are left out again.</param>
    /// <param name="say">Told what was passed over and assumed, and the images of each class; a line each.</param>
    /// <returns>What is there now, which <see cref="Files"/> tells from what was there then.</returns>
    /// <exception cref="InvalidDataException">There is no such data, or classes cannot be told from it.</exception>
    public static DataSet Reopen(DataLocation location, DataFiles files, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(say);
        return ImageListing.Find(location, say) is { } listing
            ? WithFiles(listing.WithUnreadable(location.Path, files), location.Path, say)
            : Open(location, say);
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

    /// <summary>All images as one part, to measure on.</summary>
    public DataSet ToWhole()
    {
        var all = new JoinedImages(Train, HeldOut);
        return this with
        {
            Split = WholeSplit,
            Train = new Subset(all, []),
            HeldOut = new Subset(all, FairOrder.Of([.. Enumerable.Range(0, all.Count).Select(all.LabelOf)])),
            HeldOutPart = DataPart.Test,
        };
    }

    /// <summary>The same without held-out images that cannot be read, which are listed. Every one is decoded to find out.</summary>
    public DataSet SkipUnreadable(Action<string> say) => this with { HeldOut = FileCheck.Readable(HeldOut, say) };

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
                $"{unknown.Length} of the data's {Labels.Count} classes are none of the model's: {QuotedNames.Of(unknown)}. The model has "
                    + $"{QuotedNames.Of(labels)}."
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

    /// <summary>The same with only the first images of each part, for quick trials. Of parts made of image files any beginning is a fair
    /// sample.</summary>
    public DataSet Limit(int images) =>
        this with
        {
            Train = new Subset(Train, [.. Enumerable.Range(0, Math.Min(images, Train.Count))]),
            HeldOut = new Subset(HeldOut, [.. Enumerable.Range(0, Math.Min(images, HeldOut.Count))]),
        };

    private static DataSet WithFiles(ImageListing listing, string root, Action<string> say) =>
        Counted(listing.ToDataSet(say) with { Files = listing.ToFiles(root) }, say);

    private static DataSet Counted(DataSet data, Action<string> say)
    {
        foreach (var line in ClassCounts.Of(data).ToLines(MostCounted))
            say(line);
        return data;
    }
}
