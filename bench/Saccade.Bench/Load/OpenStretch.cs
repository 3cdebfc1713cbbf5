using System.Text.Json.Serialization;

namespace Saccade.Bench.Load;

/// <summary>One schedule and what became of it.</summary>
/// <param name="Share">Its rate as a part of the highest closed-loop throughput of the same round.</param>
/// <param name="Rate">Requests a second.</param>
/// <param name="Bound">An answer that took longer is of no use.</param>
/// <param name="Length">Of the schedule.</param>
/// <param name="Arrivals">One entry for each request.</param>
/// <param name="ServiceShare">Part of the machine that the service took meanwhile, 0…1.</param>
/// <param name="LoadShare">Part that the load generator took.</param>
public sealed record OpenStretch(
    double Share,
    double Rate,
    TimeSpan Bound,
    TimeSpan Length,
    [property: JsonIgnore] IReadOnlyList<Arrival> Arrivals,
    double ServiceShare,
    double LoadShare
)
{
    /// <summary>Answers within the bound.</summary>
    public int InTime => Arrivals.Count(arrival => arrival.IsAnswer && arrival.Latency <= Bound);

    /// <summary>How long the service was at work for it: to its end, or to the last answer if that came later.</summary>
    public TimeSpan Span => Arrivals.Where(arrival => arrival.IsAnswer).Select(arrival => arrival.End).Append(Length).Max();

    /// <summary>Useful answers a second.</summary>
    public double Goodput => InTime / Span.TotalSeconds;
}
