using System.Text.Json;
using System.Text.Json.Serialization;
using Saccade.Bench.Ceiling;
using Saccade.Bench.Load;

namespace Saccade.Bench.Capacity;

/// <summary>What one replica did in a run of <c>serving</c>.</summary>
/// <param name="Alone">Requests a second of one client.</param>
/// <param name="Peak">The most requests a second of the closed loop.</param>
/// <param name="Sessions">Runs of the network at once.</param>
/// <param name="Batch">Images in a run, at most.</param>
/// <param name="Open">Latencies under Poisson arrivals, by rate; empty where that was left out.</param>
internal sealed record MeasuredReplica(double Alone, double Peak, int Sessions, int Batch, IReadOnlyList<OpenRate> Open)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Reads a <c>serving.json</c>.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or has no closed loop with one client.</exception>
    public static MeasuredReplica Read(string json)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ServingFile>(json, Json);
            if (file?.Report is not { Rounds: { Count: > 0 } rounds, Best: { } best })
                throw new InvalidDataException("The file has no rounds: it is not what serving writes.");
            var alone = Median.Of(rounds.SelectMany(static round => round.Closed).Where(static one => one.Load.Clients == 1).Select(Rate));
            if (double.IsNaN(alone))
                throw new InvalidDataException("The closed loop has no stretch with one client: measure with --clients 1 and others.");
            return new(alone, Median.Of(rounds.Select(static round => round.Closed.Max(Rate))), best.Runs, best.Batch, file.Open ?? []);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The file is not what serving writes: {e.Message}", e);
        }
    }

    /// <summary>
    /// The most images a second at which the measured 99th percentile was within the target, and from there towards the next rate; 0
    /// where it was longer at all of them. A lower rate that was slower counts for nothing: a pause of the machine can only lengthen a
    /// percentile.
    /// </summary>
    /// <param name="p99">The target, ms.</param>
    public double RateWithin(double p99)
    {
        var rates = Open.OrderBy(static open => open.Rate).ToList();
        var last = rates.FindLastIndex(open => open.Latency.P99 <= p99);
        if (last < 0)
            return 0;
        var (rate, latency) = (rates[last].Rate, rates[last].Latency.P99);
        return last + 1 == rates.Count
            ? rate
            : rate + ((rates[last + 1].Rate - rate) * (p99 - latency) / (rates[last + 1].Latency.P99 - latency));
    }

    private static double Rate(ClosedStretch stretch) => stretch.Load.RequestsPerSecond;

    private sealed record ServingFile(IReadOnlyList<OpenRate>? Open, ServingReport? Report);

    private sealed record ServingReport(RuntimeLayout? Best, IReadOnlyList<ServingRound>? Rounds);

    private sealed record ServingRound(IReadOnlyList<ClosedStretch> Closed);

    private sealed record ClosedStretch(ClosedLoad Load);

    private sealed record ClosedLoad(int Clients, double RequestsPerSecond);
}

/// <summary>One rate of the open loop.</summary>
/// <param name="Share">As a part of the peak.</param>
/// <param name="Rate">Requests a second.</param>
/// <param name="Latency">Of the answers.</param>
internal sealed record OpenRate(double Share, double Rate, Percentiles Latency);
