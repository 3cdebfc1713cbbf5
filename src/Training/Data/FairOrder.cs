namespace Saccade.Training.Data;

/// <summary>An order of labelled items of which any beginning is a fair sample: each class has about its share in it, and which of its
/// items come first is left to chance.</summary>
internal static class FairOrder
{
    private const long Seed = 0x6661_6972;

    /// <summary>Orders items by labels and number alone, so it is the same on every machine and runtime.</summary>
    /// <param name="labels">Class of each item.</param>
    /// <returns>Each item's index once.</returns>
    public static int[] Of(IReadOnlyList<int> labels) =>
        [
            .. Enumerable
                .Range(0, labels.Count)
                .GroupBy(index => labels[index])
                .SelectMany(members => Spread([.. members], members.Key))
                .OrderBy(item => item.Place)
                .Select(item => item.Index),
        ];

    /// <summary>A class's items, shuffled, at even distances from 0 to 1.</summary>
    private static IEnumerable<(double Place, int Index)> Spread(int[] members, int label)
    {
        var random = SplitMix64.At(Seed, label);
        // Where every class began at once, the first items would be of the first classes alone.
        var start = random.NextDouble();
        return random.Permutation(members.Length).Select((position, rank) => ((rank + start) / members.Length, members[position]));
    }
}
