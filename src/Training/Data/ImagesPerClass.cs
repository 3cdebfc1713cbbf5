namespace Saccade.Training.Data;

/// <summary>A few images of each class, to see what little data can do.</summary>
internal static class ImagesPerClass
{
    private const long Purpose = 0x7065_7243;

    /// <summary>Draws images; of a class that has no more, all.</summary>
    /// <param name="source">All images.</param>
    /// <param name="count">How many of each class.</param>
    /// <param name="seed">The run's.</param>
    public static IImageSource Draw(IImageSource source, int count, long seed) =>
        new Subset(
            source,
            [
                .. Enumerable
                    .Range(0, source.Count)
                    .GroupBy(source.LabelOf)
                    .OrderBy(group => group.Key)
                    .SelectMany(group => Some([.. group], count, SplitMix64.At(seed, Purpose, group.Key))),
            ]
        );

    private static IEnumerable<int> Some(int[] images, int count, SplitMix64 random) =>
        random.Permutation(images.Length).Take(count).Select(place => images[place]).Order();
}
