namespace Saccade.Inference.Scheduling;

/// <summary>When a pool of equal sessions will have done what it has to do. Pure.</summary>
/// <param name="Cost">What runs cost; while that is unknown, everything is expected at once.</param>
/// <param name="Sizes">Batch sizes that may be run.</param>
/// <param name="Sessions">Runs at once, at least 1.</param>
/// <param name="Running">Runs under way.</param>
/// <param name="Underway">Seconds that they still need, summed.</param>
internal readonly record struct PoolForecast(CostLine Cost, BatchSizes Sizes, int Sessions, int Running = 0, double Underway = 0)
{
    // Runs are now and then several times as long as usual, so the usual two would break one promise in twenty-five (docs/results.md).
    private const double Deviations = 3;

    /// <summary>How runs vary around their cost.</summary>
    public CostSpread Spread { get; init; } = CostSpread.None;

    /// <summary>Seconds until the last of <paramref name="crops"/> waiting crops is done.</summary>
    /// <param name="crops">At least 1.</param>
    /// <remarks>
    /// Free sessions share what there is, down to a crop each. Where there is more, batches are full, those before the last share the
    /// sessions evenly with the runs under way, and the last is one run on one session, however many there are.
    /// </remarks>
    public double SecondsToFinish(int crops)
    {
        var free = Sessions - Running;
        var atOnce = free > 0 ? Run(((crops - 1) / free) + 1) : 0;
        if (crops <= (long)free * Sizes.Maximum)
            return atOnce;

        var before = (crops - 1) / Sizes.Maximum;
        var last = before > 0 ? Sizes.Maximum : ((crops - 1) / Sessions) + 1;
        return Math.Max(atOnce, ((Underway + (before * Run(Sizes.Maximum))) / Sessions) + Run(last));
    }

    /// <summary>
    /// Seconds that may be promised: <see cref="SecondsToFinish"/> and some more, as runs vary. Many runs vary less than one.
    /// </summary>
    /// <param name="crops">At least 1.</param>
    public double SecondsToPromise(int crops)
    {
        var expected = Spread.Mean * SecondsToFinish(crops);
        return expected + (Deviations * Spread.Deviation * Math.Sqrt(Run(Sizes.Maximum) * expected));
    }

    /// <summary>Seconds that so many crops need if every session served nothing else: a request with less time left is lost.</summary>
    /// <param name="crops">At least 1.</param>
    /// <param name="batch">Crops in the batch that the first of them will be in.</param>
    public double SecondsAtLeast(int crops, int batch) => Math.Max(Run(batch), (crops - 1) * Run(Sizes.Maximum) / Sizes.Maximum / Sessions);

    private double Run(int crops) => Cost.Seconds(Sizes.RowsFor(Math.Min(crops, Sizes.Maximum)));
}
