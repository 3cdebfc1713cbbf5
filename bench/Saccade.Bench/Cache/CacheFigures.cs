using Saccade.Bench.Load;

namespace Saccade.Bench.Cache;

/// <summary>One round.</summary>
/// <param name="Peak">Requests a second that the service answers without a cache.</param>
/// <param name="ComputedMs">Processor time of one of them in the service.</param>
/// <param name="Hits">Requests a second that it answers from the cache.</param>
/// <param name="HitMs">Processor time of one of those.</param>
/// <param name="HitLatency">What their clients see.</param>
/// <param name="Stretches">Twice the peak offered.</param>
internal sealed record CacheFigures(
    double Peak,
    double ComputedMs,
    double Hits,
    double HitMs,
    Percentiles HitLatency,
    IReadOnlyList<CacheStretch> Stretches
)
{
    /// <summary>The stretch of one kind.</summary>
    public CacheStretch At(bool withCache, double repeats) =>
        Stretches.Single(stretch => stretch.WithCache == withCache && stretch.Repeats.Equals(repeats));
}

/// <summary>Poisson arrivals at twice the peak.</summary>
/// <param name="WithCache">Whether the service keeps answers.</param>
/// <param name="Repeats">Part of the requests that are for a popular image, 0…1.</param>
/// <param name="Load">What became of them.</param>
internal sealed record CacheStretch(bool WithCache, double Repeats, OpenStretch Load);
