namespace Saccade.Training.Data;

/// <summary>
/// Images that show a network what it will see, without labels: the training part of a data set, so that what accuracy is measured on
/// stays unseen, or three quarters of all images under a folder that is none.
/// </summary>
/// <param name="Images">To measure scales with.</param>
/// <param name="Others">To compare graphs on, none of them among <paramref name="Images"/>: what was held out, or a quarter.</param>
public sealed record ActivationRangeImages(IImageSource Images, IImageSource Others)
{
    private const int CompareOneIn = 4;

    /// <summary>Opens a folder.</summary>
    /// <exception cref="InvalidDataException">There is none, it holds fewer than two images, or its files are damaged.</exception>
    public static ActivationRangeImages Open(string path)
    {
        if (!Directory.Exists(path))
            throw new InvalidDataException($"There is no folder '{path}' of images to measure activation ranges on.");
        if (IdxFolder.Matches(path) || FolderListing.Matches(path))
        {
            var data = DataSet.Open(new DataLocation(path, Recursive: true, SkipUnreadable: true), _ => { });
            return new ActivationRangeImages(data.Train, data.HeldOut);
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
        return new ActivationRangeImages(
            new Subset(images, [.. Enumerable.Range(others, files.Length - others)]),
            new Subset(images, [.. Enumerable.Range(0, others)])
        );
    }
}
