namespace Saccade.Inference.Scheduling;

/// <summary>The batch sizes a network may be run with. A batch of another size is padded up to the next.</summary>
internal sealed class BatchSizes
{
    private readonly int[]? _allowed;

    private BatchSizes(int maximum, int[]? allowed) => (Maximum, _allowed) = (maximum, allowed);

    /// <summary>The largest.</summary>
    public int Maximum { get; }

    /// <summary>Every size up to <paramref name="maximum"/>, at least 1.</summary>
    public static BatchSizes UpTo(int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 1);
        return new(maximum, allowed: null);
    }

    /// <summary>These sizes only, in any order; at least one, all at least 1.</summary>
    public static BatchSizes Only(params IEnumerable<int> sizes)
    {
        int[] sorted = [.. sizes.Distinct().Order()];
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(sizes));
        ArgumentOutOfRangeException.ThrowIfLessThan(sorted[0], 1, nameof(sizes));
        return new(sorted[^1], sorted);
    }

    /// <summary>These without what is above <paramref name="limit"/>, though never without the smallest.</summary>
    public BatchSizes AtMost(int limit)
    {
        if (limit >= Maximum)
            return this;
        return _allowed is null ? UpTo(Math.Max(1, limit)) : Only([_allowed[0], .. _allowed.Where(size => size <= limit)]);
    }

    /// <summary>Sizes worth trying when a network is measured: the allowed ones, or doublings.</summary>
    public IEnumerable<int> Candidates()
    {
        if (_allowed is not null)
            return _allowed;
        return Enumerable.Range(0, 31).Select(doubling => 1 << doubling).TakeWhile(size => size <= Maximum);
    }

    /// <summary>Rows that are computed for so many crops.</summary>
    /// <param name="crops">From 1 to <see cref="Maximum"/>.</param>
    public int RowsFor(int crops)
    {
        if (_allowed is null)
            return crops;
        foreach (var size in _allowed)
        {
            if (size >= crops)
                return size;
        }

        throw new ArgumentOutOfRangeException(nameof(crops), crops, $"At most {Maximum} crops run together.");
    }

    /// <summary>
    /// How many of the waiting crops to send: all of them, padded, or as many as fill an allowed size, whichever is done sooner.
    /// </summary>
    /// <param name="crops">Crops to be sent, at least 1.</param>
    /// <param name="cost">What runs cost. While that is unknown, padding is avoided.</param>
    public int Send(int crops, CostLine cost)
    {
        crops = Math.Min(crops, Maximum);
        var below = Below(crops);
        if (below is 0 || below == crops)
            return crops;
        return cost.IsKnown && cost.Seconds(RowsFor(crops)) <= Split(crops, below, cost) ? crops : below;
    }

    private double Split(int crops, int below, CostLine cost) => (crops / below * cost.Seconds(below)) + Cheapest(crops % below, cost);

    private double Cheapest(int crops, CostLine cost)
    {
        if (crops == 0)
            return 0;
        var padded = cost.Seconds(RowsFor(crops));
        var below = Below(crops);
        return below == 0 ? padded : Math.Min(padded, Split(crops, below, cost));
    }

    /// <summary>The largest allowed size up to <paramref name="crops"/>; 0 if there is none.</summary>
    private int Below(int crops)
    {
        if (_allowed is null)
            return crops;
        var below = 0;
        foreach (var size in _allowed)
        {
            if (size > crops)
                break;
            below = size;
        }

        return below;
    }
}
