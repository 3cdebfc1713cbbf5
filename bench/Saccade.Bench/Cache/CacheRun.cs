using System.Globalization;
using Saccade.Bench.Load;
using Saccade.Bench.Processes;
using Saccade.Bench.Serving;

namespace Saccade.Bench.Cache;

/// <summary>Two services that differ in their cache alone, in turns on the same cores.</summary>
/// <param name="plain">The one without.</param>
/// <param name="cached">The one with.</param>
/// <param name="cores">Whose is what.</param>
/// <param name="jpeg">What is classified.</param>
/// <param name="options">What to do.</param>
/// <param name="say">Told of each stretch.</param>
internal sealed class CacheRun(
    ServiceProcess plain,
    ServiceProcess cached,
    CoreSplit cores,
    byte[] jpeg,
    CacheBenchOptions options,
    Action<string> say
)
{
    private const double Overload = 2;
    private const double HeatShare = 0.6;
    private const double BoundFactor = 10;
    private const int ClientsACore = 16;
    private const int HeatRequests = 400;

    private static readonly TimeSpan HeatLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HeatBound = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan HeatStretch = TimeSpan.FromSeconds(4);

    private readonly NumberedImages _images = new(jpeg);

    /// <summary>Has both services compile what answers, what refuses and what finds answers again, and learn what a run takes when it is
    /// one of many: the cache's service computes too, because hits alone would teach it nothing.</summary>
    public async Task HeatAsync()
    {
        await Closed(plain).HeatAsync(HeatRequests, HeatLimit);
        var peak = (await Closed(plain).MeasureAsync(ClientsACore, HeatStretch)).Load.RequestsPerSecond;
        foreach (var service in new[] { plain, cached })
        {
            _ = await OpenAsync(service, HeatShare, peak, HeatBound, tell: false, repeats: 0, HeatLimit, seed: 0);
            _ = await OpenAsync(service, Overload, peak, HeatBound, tell: true, repeats: 0, HeatStretch, seed: 0);
            await Closed(service).HeatAsync(HeatRequests, HeatLimit);
        }
    }

    /// <summary>Everything once.</summary>
    /// <param name="round">Which schedules.</param>
    public async Task<CacheFigures> RunAsync(int round)
    {
        var clients = CoreSplit.Count(cores.Service) * ClientsACore;
        var alone = await Closed(plain).MeasureAsync(1, options.Stretch);
        var computed = await Closed(plain).MeasureAsync(clients, options.Stretch);
        var hits = await Closed(cached).MeasureAsync(clients, options.Stretch);
        say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"computed {computed.Load.RequestsPerSecond:F1}/s, {computed.ServiceMsPerRequest:F2} ms of a core each; "
                    + $"from the cache {hits.Load.RequestsPerSecond:F0}/s, {hits.ServiceMsPerRequest:F3} ms each"
            )
        );

        var peak = computed.Load.RequestsPerSecond;
        var bound = TimeSpan.FromMilliseconds(BoundFactor * alone.Load.Latency.P50);
        var stretches = new List<CacheStretch>();
        foreach (var repeats in new[] { 0, options.Repeats })
        {
            // The one that comes first changes from round to round.
            foreach (var withCache in round % 2 == 0 ? new[] { false, true } : [true, false])
            {
                var load = await OpenAsync(
                    withCache ? cached : plain,
                    Overload,
                    peak,
                    bound,
                    tell: true,
                    repeats,
                    options.Stretch,
                    round + 1
                );
                stretches.Add(new(withCache, repeats, load));
                say($"{repeats:P0} repeats, cache {(withCache ? "on" : "off")}: {OpenMeter.Describe(load)}");
            }
        }

        return new(peak, computed.ServiceMsPerRequest, hits.Load.RequestsPerSecond, hits.ServiceMsPerRequest, hits.Load.Latency, stretches);
    }

    private MeteredLoad Closed(ServiceProcess service) =>
        new(WireRequest.Post(AddressOf(service), jpeg, "image/jpeg"), service.Process, counters: null, cores.Load);

    private Task<OpenStretch> OpenAsync(
        ServiceProcess service,
        double share,
        double peak,
        TimeSpan bound,
        bool tell,
        double repeats,
        TimeSpan stretch,
        int seed
    ) =>
        new OpenMeter(AddressOf(service), jpeg, service.Process, cores.Load).MeasureAsync(
            share,
            peak,
            bound,
            tell,
            stretch,
            seed,
            count => _images.Mixed(count, repeats, options.Popular, seed)
        );

    private static Uri AddressOf(ServiceProcess service) => new(service.Address, "/classify");
}
