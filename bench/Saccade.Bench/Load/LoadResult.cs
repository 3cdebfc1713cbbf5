namespace Saccade.Bench.Load;

/// <summary>One run of the load.</summary>
/// <param name="Clients">Requests under way at any time.</param>
/// <param name="Answers">Requests answered with labels.</param>
/// <param name="RequestsPerSecond">Answers per second.</param>
/// <param name="Latency">Of the answers, as the client saw it.</param>
/// <param name="Added">The same less decode, preprocess and inference: what the service adds to them.</param>
/// <param name="StageMeans">Mean of each stage in milliseconds, as the service reported it.</param>
/// <param name="Requests">Requests that ended during the whole run, those before and after the measured time included.</param>
/// <param name="Elapsed">Length of the whole run.</param>
/// <param name="Refusals">Other answers by HTTP status; empty in a sound run.</param>
public sealed record LoadResult(
    int Clients,
    int Answers,
    double RequestsPerSecond,
    Percentiles Latency,
    Percentiles Added,
    IReadOnlyDictionary<string, double> StageMeans,
    int Requests,
    TimeSpan Elapsed,
    IReadOnlyDictionary<int, int> Refusals
)
{
    /// <summary>Adds up what the clients saw.</summary>
    public static LoadResult Of(int clients, TimeSpan measured, TimeSpan elapsed, IReadOnlyCollection<ClientTally> tallies)
    {
        var latencies = tallies.SelectMany(tally => tally.Latencies).ToList();
        var stages = tallies
            .SelectMany(tally => tally.StageSums)
            .GroupBy(stage => stage.Key, stage => stage.Value, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum() / latencies.Count, StringComparer.Ordinal);
        var refusals = tallies
            .SelectMany(tally => tally.Refusals)
            .GroupBy(refusal => refusal.Key, refusal => refusal.Value)
            .ToDictionary(group => group.Key, group => group.Sum());
        return new LoadResult(
            clients,
            latencies.Count,
            latencies.Count / measured.TotalSeconds,
            Percentiles.Of(latencies),
            Percentiles.Of(tallies.SelectMany(tally => tally.Added)),
            stages,
            tallies.Sum(tally => tally.Requests),
            elapsed,
            refusals
        );
    }
}
