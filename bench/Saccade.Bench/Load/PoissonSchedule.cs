namespace Saccade.Bench.Load;

/// <summary>When requests of many independent clients arrive: gaps are exponential, so bursts and lulls come as they do in the
/// field.</summary>
public static class PoissonSchedule
{
    /// <summary>Arrival times from the start, ascending; the same for the same seed.</summary>
    /// <param name="ratePerSecond">Mean number a second, above 0.</param>
    /// <param name="duration">No arrival lies at or beyond it.</param>
    /// <param name="seed">Which of the many schedules of that rate.</param>
    public static IReadOnlyList<TimeSpan> Arrivals(double ratePerSecond, TimeSpan duration, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ratePerSecond);
        var random = new Random(seed);
        var arrivals = new List<TimeSpan>();
        for (var at = Gap(); at < duration.TotalSeconds; at += Gap())
            arrivals.Add(TimeSpan.FromSeconds(at));
        return arrivals;

        // NextDouble can be 0 and never 1.
        double Gap() => -Math.Log(1 - random.NextDouble()) / ratePerSecond;
    }
}
