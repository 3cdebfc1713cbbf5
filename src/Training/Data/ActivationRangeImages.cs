namespace Saccade.Training.Data;

/// <summary>
/// Images that show a network what it will see, without labels: the training part of a data set, so that what accuracy is measured on
/// stays unseen, or three quarters of all images under a folder that is none. Files that cannot be read are left out.
/// </summary>
/// <param name="Images">To measure scales with.</param>
/// <param name="Others">To compare graphs on, none of them among <paramref name="Images"/>: what was held out, or a quarter.</param>
public sealed record ActivationRangeImages(IImageSource Images, IImageSource Others)
{
    private const int CompareOneIn = 4;

    // More than an export looks at, so that some may be unreadable; to decode all of a large folder would take long for nothing.
    private const int MostForRanges = 1_000;
    private const int MostToCompare = 11_000;

    /// <summary>Opens a folder.</summary>
    /// <param name="path">A data set, or any folder with images in it, however deep.</param>
    /// <param name="say">Told which images cannot be read, a line each.</param>
    /// <exception cref="InvalidDataException">There is none, it holds fewer than two images, or none that can be read.</exception>
    public static ActivationRangeImages Open(string path, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(say);
        if (!Directory.Exists(path))
            throw new InvalidDataException($"There is no folder '{path}' of images to measure activation ranges on.");
        if (IdxFolder.Matches(path) || FolderListing.Matches(path))
        {
            var data = DataSet.Open(new DataLocation(path, Recursive: true), _ => { });
            return Readable(path, data.Train, data.HeldOut, say);
        }

        string[] files = [.. FolderWalk.Read(path, _ => { }).AllImages];
        if (files.Length < 2)
            throw new InvalidDataException(
                $"'{path}' holds {(files.Length == 0 ? "no images" : "one image")} to measure activation ranges on; "
                    + "some are kept to compare on."
            );

        // In an order of chance, so that the first few are not all of one kind.
        var order = SplitMix64.At(0).Permutation(files.Length);
        var images = new ImageFiles([.. order.Select(index => (files[index], 0))]);
        var others = Math.Max(1, files.Length / CompareOneIn);
        return Readable(
            path,
            new Subset(images, [.. Enumerable.Range(others, files.Length - others)]),
            new Subset(images, [.. Enumerable.Range(0, others)]),
            say
        );
    }

    private static ActivationRangeImages Readable(string path, IImageSource images, IImageSource others, Action<string> say)
    {
        ActivationRangeImages readable = new(First(images, MostForRanges, say), First(others, MostToCompare, say));
        return readable is { Images.Count: > 0, Others.Count: > 0 }
            ? readable
            : throw new InvalidDataException($"Too few images of '{path}' can be read to measure activation ranges on and to compare on.");
    }

    private static IImageSource First(IImageSource source, int most, Action<string> say) =>
        FileCheck.Readable(source.Count <= most ? source : new Subset(source, [.. Enumerable.Range(0, most)]), say);
}
