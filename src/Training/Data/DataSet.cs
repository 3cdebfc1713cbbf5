namespace Saccade.Training.Data;

/// <summary>A data set with its two parts.</summary>
/// <param name="Labels">Class names by index.</param>
/// <param name="Split">How the parts were told apart, in one sentence.</param>
/// <param name="Train">What is learnt from.</param>
/// <param name="HeldOut">What is measured on, and nothing else.</param>
public sealed record DataSet(IReadOnlyList<string> Labels, string Split, IImageSource Train, IImageSource HeldOut)
{
    /// <summary>Opens a folder: IDX files if it has them, else images by class (<see cref="ImageFolder"/>).</summary>
    /// <exception cref="InvalidDataException">The folder holds neither, or damaged files.</exception>
    public static DataSet Open(string path)
    {
        if (!Directory.Exists(path))
            throw new InvalidDataException($"There is no data folder '{path}'.");
        return IdxFolder.Matches(path) ? IdxFolder.Open(path) : ImageFolder.Open(path);
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
}
