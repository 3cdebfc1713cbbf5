using Saccade.Bench.Load;

namespace Saccade.Bench.Serving;

/// <summary>Everything measured once, minutes apart at most, so that a drift of the machine meets all of it.</summary>
/// <param name="Ceiling">Half of it measured before the rest and half after.</param>
/// <param name="Closed">By number of clients.</param>
/// <param name="Open">By share of the peak.</param>
/// <param name="Overload">By multiple of the peak; null when left out.</param>
/// <param name="Empty">One client on a network that computes nothing; null when left out.</param>
/// <param name="Also">Further bundles.</param>
/// <param name="Peers">Other servers.</param>
internal sealed record ServingRound(
    CeilingFigures Ceiling,
    IReadOnlyList<ServedFigures> Closed,
    IReadOnlyList<OpenStretch> Open,
    OverloadFigures? Overload,
    ServedFigures? Empty,
    IReadOnlyList<Contestant> Also,
    IReadOnlyList<Contestant> Peers
)
{
    /// <summary>The highest throughput of the closed loop, requests a second.</summary>
    public double Peak => Closed.Max(served => served.Load.RequestsPerSecond);

    /// <summary>Requests per second at a concurrency, as a part of this round's ceiling.</summary>
    public double Ratio(int clients) => Of(clients).Load.RequestsPerSecond / Ceiling.Ceiling;

    /// <summary>The ceiling's processor time for an image as a part of the service's: what the ratio would be with the machine to
    /// itself.</summary>
    public double ProcessorRatio(int clients) => Ceiling.ProcessorMs / Of(clients).ServiceMsPerRequest;

    /// <summary>The stretch of one concurrency.</summary>
    public ServedFigures Of(int clients) => ServedFigures.At(clients, Closed) ?? throw new ArgumentOutOfRangeException(nameof(clients));
}
