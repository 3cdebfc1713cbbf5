namespace Saccade.Bench.Throughput;

/// <summary>Ceiling and service measured within one round, minutes apart at most, so that a noisy neighbour meets both.</summary>
/// <param name="Ceiling">The ceiling of this round.</param>
/// <param name="Served">By number of clients.</param>
internal sealed record ThroughputRound(CeilingFigures Ceiling, IReadOnlyList<ServedFigures> Served)
{
    /// <summary>Requests per second at a concurrency, as a part of this round's ceiling.</summary>
    public double Ratio(int clients) => Of(clients).Load.RequestsPerSecond / Ceiling.Ceiling;

    /// <summary>The ceiling's processor time for an image as a part of the service's: what the ratio would be with the machine to itself.</summary>
    public double ProcessorRatio(int clients) => Ceiling.ProcessorMs / Of(clients).ServiceMsPerRequest;

    /// <summary>The stretch of one concurrency.</summary>
    public ServedFigures Of(int clients) => Served.Single(served => served.Load.Clients == clients);
}
