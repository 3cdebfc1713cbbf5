namespace Saccade.Training.Data;

/// <summary>An epoch in which every class is seen equally often.</summary>
internal sealed class BalancedDraw
{
    private readonly int[][] _classes;
    private readonly int _count;

    /// <summary>Sorts a source's images by class.</summary>
    public BalancedDraw(IImageSource source)
    {
        _count = source.Count;
        _classes = [.. Enumerable.Range(0, _count).GroupBy(source.LabelOf).OrderBy(group => group.Key).Select(group => group.ToArray())];
    }

    /// <summary>As many images as the source has: of each class the same number to within one, its images in random order, all of them
    /// before one comes again.</summary>
    public int[] Draw(SplitMix64 random)
    {
        var drawn = new int[_count];
        var place = 0;
        foreach (var (number, label) in random.Permutation(_classes.Length).Index())
        {
            var images = _classes[label];
            var share = (int)((((long)number + 1) * _count / _classes.Length) - ((long)number * _count / _classes.Length));
            for (var taken = 0; taken < share; taken += images.Length)
            {
                foreach (var index in random.Permutation(images.Length).Take(share - taken))
                    drawn[place++] = images[index];
            }
        }

        var order = random.Permutation(_count);
        return [.. order.Select(position => drawn[position])];
    }
}
