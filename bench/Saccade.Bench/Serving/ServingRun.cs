using Saccade.Bench.Ceiling;
using Saccade.Bench.Load;
using Saccade.Bench.Peers;
using Saccade.Bench.Processes;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Serving;

/// <summary>
/// Ceiling, service and peers in turns. The load generator shares the machine with them: what it takes is measured and counts against all
/// alike. Only under overload it has cores of its own.
/// </summary>
internal sealed class ServingRun(
    ServingOptions options,
    ServingModels models,
    ModelManifest manifest,
    byte[] image,
    ServiceProcess service,
    OverloadTurn? overload,
    Action<string> say
) : IDisposable
{
    private const int HeatRequests = 800;

    private static readonly TimeSpan HeatLimit = TimeSpan.FromSeconds(20);

    private readonly CeilingMeter _ceiling = new(models.Graph, manifest, image, say);
    private readonly ServiceCounters _counters = new(service.Address);
    private readonly List<ServingRound> _rounds = [];

    /// <summary>Runs everything.</summary>
    public async Task<ServingReport> RunAsync()
    {
        var sweep = _ceiling.Sweep(options.Batches);
        var best = sweep.MaxBy(cell => cell.Rate.ImagesPerSecond)!.Layout;
        var costs = _ceiling.Stages(options.Stretch);
        foreach (var model in models.Names.Append(models.Empty).OfType<string>())
            await Load(model).HeatAsync(HeatRequests, HeatLimit);
        if (overload is not null)
            await overload.HeatAsync();

        for (var number = 1; number <= options.Rounds; number++)
        {
            _rounds.Add(await RoundAsync(number, best, costs));
            say($"round {number}: {_rounds[^1].Peak:F1} requests/s of {_rounds[^1].Ceiling.Ceiling:F1}");
        }

        return new ServingReport(manifest, image.Length, sweep, best, costs, _rounds);
    }

    /// <inheritdoc/>
    public void Dispose() => _counters.Dispose();

    private async Task<ServingRound> RoundAsync(int number, RuntimeLayout best, StageCosts costs)
    {
        var before = _ceiling.Raw(best, options.Stretch / 2);
        var closed = await ClosedAsync(models.Main, options.Clients);
        var peak = Median.Of(_rounds.Select(round => round.Peak).Append(closed.Max(served => served.Load.RequestsPerSecond)));
        var bound = Bound(closed);
        var open = Has(ServingPart.Open) ? await OpenAsync(number, peak, bound) : [];
        var flood = overload is null ? null : await overload.RunAsync(number);
        var empty = models.Empty is { } name ? (await ClosedAsync(name, [1])).Single() : null;
        var also = new List<Contestant>();
        foreach (var model in models.Also)
            also.Add(new Contestant(model, await ClosedAsync(model, options.PeerClients)));
        var peers = await PeersAsync();
        var after = _ceiling.Raw(best, options.Stretch / 2);
        return new ServingRound(_ceiling.Figures(before, after, costs), closed, open, flood, empty, also, peers);
    }

    private bool Has(ServingPart part) => options.Parts.Contains(part);

    private MeteredLoad Load(string model) => new(WireRequest.Post(Address(model), image, "image/jpeg"), service.Process, _counters);

    private Uri Address(string model) => ServingModels.AddressOf(model, service.Address);

    private async Task<IReadOnlyList<ServedFigures>> ClosedAsync(string model, IReadOnlyList<int> clients)
    {
        var load = Load(model);
        var served = new List<ServedFigures>();
        foreach (var count in clients)
        {
            served.Add(await load.MeasureAsync(count, options.Stretch));
            say($"{model}, {count} clients: {served[^1].Load.RequestsPerSecond:F1} requests/s, p99 {served[^1].Load.Latency.P99:F1} ms");
        }

        return served;
    }

    // As many clients as cores: nobody waits for anybody, and no core is idle.
    private TimeSpan Bound(IReadOnlyList<ServedFigures> closed)
    {
        var unqueued = ServedFigures.At(Environment.ProcessorCount, closed) ?? closed[0];
        return TimeSpan.FromMilliseconds(options.BoundFactor * unqueued.Load.Latency.P50);
    }

    private async Task<IReadOnlyList<OpenStretch>> OpenAsync(int round, double peak, TimeSpan bound)
    {
        var meter = new OpenMeter(Address(models.Main), image, service.Process);
        var stretches = new List<OpenStretch>();
        foreach (var share in options.Shares)
        {
            stretches.Add(
                await meter.MeasureAsync(share, peak, bound, tell: false, options.Stretch, seed: (round * 100) + stretches.Count)
            );
            say(OpenMeter.Describe(stretches[^1]));
        }

        return stretches;
    }

    private async Task<IReadOnlyList<Contestant>> PeersAsync()
    {
        var results = new List<Contestant>();
        if (!Has(ServingPart.Peers))
            return results;
        var turn = new PeerTurn(models.Graph, manifest, image, options.PeerClients, options.Stretch);
        foreach (var peer in Peer.In(options.PeersFolder))
        {
            results.Add(await turn.RunAsync(peer));
            say(
                results[^1].Absent is { } reason
                    ? $"{peer.Name}: left out: {reason}"
                    : $"{peer.Name}: "
                        + string.Join(
                            ", ",
                            results[^1]
                                .Stretches.Select(stretch =>
                                    $"{stretch.Load.Clients} clients {stretch.Load.RequestsPerSecond:F1} requests/s"
                                )
                        )
            );
        }

        return results;
    }
}
