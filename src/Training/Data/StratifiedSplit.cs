namespace Saccade.Training.Data;

/// <summary>
/// Splits labelled items so that every class gives the same number (or share) to the held-out part. The choice depends on
/// labels, order and seed alone, through <see cref="SplitMix64"/>, so it is the same on every machine and runtime.
/// </summary>
public static class StratifiedSplit
{
    /// <summary>Holds out some of each class, chosen and shuffled by the seed alone.</summary>
    /// <param name="labels">Class of each item.</param>
    /// <param name="heldOutOf">How many of a class of the given size are held out.</param>
    /// <param name="seed">Names the split.</param>
    /// <returns>Indices of both parts, each in a random order, so that any beginning of a part is a fair sample of it.</returns>
    public static (int[] Train, int[] HeldOut) Split(IReadOnlyList<int> labels, Func<int, int> heldOutOf, long seed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(heldOutOf);
        List<int> train = [];
        List<int> heldOut = [];
        foreach (var members in Enumerable.Range(0, labels.Count).GroupBy(index => labels[index]).OrderBy(group => group.Key))
        {
            var items = members.ToArray();
            var order = SplitMix64.At(seed, members.Key).Permutation(items.Length);
            var count = heldOutOf(items.Length);
            heldOut.AddRange(order.Take(count).Select(position => items[position]));
            train.AddRange(order.Skip(count).Select(position => items[position]));
        }

        return (Shuffle(train, seed, -1), Shuffle(heldOut, seed, -2));
    }

    private static int[] Shuffle(List<int> items, long seed, long part)
    {
        var order = SplitMix64.At(seed, part).Permutation(items.Count);
        return [.. order.Select(position => items[position])];
    }
}
