namespace Saccade.Bench.Load;

/// <summary>Latencies in milliseconds at the ranks that matter.</summary>
/// <param name="P50">Half of the requests were faster.</param>
/// <param name="P95">95 of 100 were.</param>
/// <param name="P99">99 of 100 were.</param>
/// <param name="Max">The slowest.</param>
public sealed record Percentiles(double P50, double P95, double P99, double Max)
{
    /// <summary>Nearest-rank percentiles; all NaN for no values.</summary>
    public static Percentiles Of(IEnumerable<TimeSpan> latencies)
    {
        var sorted = latencies.Select(latency => latency.TotalMilliseconds).Order().ToArray();
        return new Percentiles(Rank(sorted, 0.50), Rank(sorted, 0.95), Rank(sorted, 0.99), Rank(sorted, 1));
    }

    private static double Rank(double[] sorted, double fraction) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(fraction * sorted.Length) - 1)];
}
