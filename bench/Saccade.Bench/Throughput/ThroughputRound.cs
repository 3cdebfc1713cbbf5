namespace Saccade.Bench.Throughput;

/// <summary>Ceiling and service measured within one round, minutes apart at most, so that a noisy neighbour meets both.</summary>
/// <param name="Ceiling">The ceiling of this round.</param>
/// <param name="Served">By number of clients.</param>
internal sealed record ThroughputRound(CeilingFigures Ceiling, IReadOnlyList<ServedFigures> Served)
{
    /// <summary>Requests per second at a concurrency, as a part of this round's ceiling.</summary>
    public double Ratio(int clients) => Of(clients).Load.RequestsPerSecond / Ceiling.Ceiling;

    /// <summary>The stretch of one concurrency.</summary>
    public ServedFigures Of(int clients) => Served.Single(served => served.Load.Clients == clients);
}
