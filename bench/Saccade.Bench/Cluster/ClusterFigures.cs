using Saccade.Bench.Load;

namespace Saccade.Bench.Cluster;

/// <summary>What became of the requests of one simulation.</summary>
/// <param name="Offered">Requests that arrived.</param>
/// <param name="Answered">In time.</param>
/// <param name="Refused">At once.</param>
/// <param name="Expired">Their deadline passed.</param>
/// <param name="Lost">With a replica that failed.</param>
/// <param name="UnderWayAtFailures">Requests that replicas held when they failed.</param>
/// <param name="MeanLatency">Of the answers.</param>
/// <param name="Latency">Of the answers.</param>
/// <param name="Held">Requests at a replica that is up, at any time.</param>
internal sealed record ClusterFigures(
    long Offered,
    long Answered,
    long Refused,
    long Expired,
    long Lost,
    long UnderWayAtFailures,
    TimeSpan MeanLatency,
    Percentiles Latency,
    HeldRequests Held
)
{
    /// <summary>Part of the requests that were answered in time.</summary>
    public double Goodput => (double)Answered / Offered;
}

/// <summary>How evenly the requests lie.</summary>
/// <param name="Mean">Requests at a replica.</param>
/// <param name="P99">One replica in a hundred has more.</param>
/// <param name="Most">The most that one had.</param>
internal sealed record HeldRequests(double Mean, int P99, int Most);
