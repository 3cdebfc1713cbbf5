namespace Saccade.Training.Weights;

/// <summary>How alike two tensor names are, for the suggestions beside a name that matches nothing.</summary>
internal static class NameSimilarity
{
    private const int MaxLength = 200;

    /// <summary>The names most like one, the likest first.</summary>
    /// <param name="name">The name.</param>
    /// <param name="among">Prepared by <see cref="Prepare"/>.</param>
    /// <param name="count">At most so many; fewer where nothing is alike.</param>
    public static IEnumerable<string> Nearest(string name, IReadOnlyList<(string Name, int[] Pairs)> among, int count)
    {
        var pairs = Pairs(name);
        return among
            .Select(other => (other.Name, Likeness: Likeness(pairs, other.Pairs)))
            .Where(other => other.Likeness > 0.4)
            .OrderByDescending(other => other.Likeness)
            .ThenBy(other => other.Name, StringComparer.Ordinal)
            .Take(count)
            .Select(other => other.Name);
    }

    /// <summary>Names with what comparing them needs.</summary>
    public static IReadOnlyList<(string Name, int[] Pairs)> Prepare(IEnumerable<string> names) =>
        [.. names.Select(name => (name, Pairs(name)))];

    /// <summary>Dice's coefficient of the letter pairs: twice what two names share over what both have, 0 to 1.</summary>
    private static double Likeness(int[] left, int[] right)
    {
        if (left.Length + right.Length == 0)
            return 0;

        var (i, j, shared) = (0, 0, 0);
        while (i < left.Length && j < right.Length)
        {
            if (left[i] == right[j])
                shared++;
            var step = left[i].CompareTo(right[j]);
            i += step <= 0 ? 1 : 0;
            j += step >= 0 ? 1 : 0;
        }

        return 2.0 * shared / (left.Length + right.Length);
    }

    private static int[] Pairs(string name)
    {
        var length = Math.Min(name.Length, MaxLength);
        var pairs = new int[Math.Max(length - 1, 0)];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = (name[i] << 16) | name[i + 1];
        Array.Sort(pairs);
        return pairs;
    }
}
