using System.Globalization;
using Saccade.Bench.Load;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Serving;

/// <summary>More than the service can answer, from a generator that takes none of its cores.</summary>
/// <param name="service">Kept to the service's cores.</param>
/// <param name="cores">Whose is what.</param>
/// <param name="address">Where to POST.</param>
/// <param name="picture">What.</param>
/// <param name="options">Which rates, how long.</param>
/// <param name="say">Told of each stretch.</param>
internal sealed class OverloadTurn(ServiceProcess service, CoreSplit cores, Uri address, byte[] picture, ServingOptions options, Action<string> say)
{
    private const int HeatRequests = 400;
    private const int BusyClients = 16;
    private const double HeatRate = 1000;

    private static readonly TimeSpan HeatLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RefusalHeat = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan HeatBound = TimeSpan.FromSeconds(0.2);

    private readonly MeteredLoad _closed = new(WireRequest.Post(address, picture, "image/jpeg"), service.Process, counters: null, cores.Load);
    private readonly OpenMeter _open = new(address, picture, service.Process, cores.Load);
    private readonly List<double> _peaks = [];

    /// <summary>Starts a service for it.</summary>
    public static Task<ServiceProcess> StartAsync(string published, IReadOnlyDictionary<string, string?> settings, CoreSplit cores) =>
        ServiceProcess.StartReadyAsync(published, settings, cores.Service);

    /// <summary>Answers and refuses until the service has settled: code that refuses is compiled under its first load as the code that answers is.</summary>
    public async Task HeatAsync()
    {
        await _closed.HeatAsync(HeatRequests, HeatLimit);
        _ = await _open.MeasureAsync(share: 1, HeatRate, HeatBound, tell: true, RefusalHeat, seed: 0);
    }

    /// <summary>Every rate once, after the peak that they are multiples of.</summary>
    /// <param name="round">Which schedules.</param>
    public async Task<OverloadFigures> RunAsync(int round)
    {
        var serviceCores = CoreSplit.Count(cores.Service);
        var unqueued = await _closed.MeasureAsync(serviceCores, options.Stretch);
        var busy = await _closed.MeasureAsync(serviceCores * BusyClients, options.Stretch);
        _peaks.Add(Math.Max(unqueued.Load.RequestsPerSecond, busy.Load.RequestsPerSecond));
        var peak = Median.Of(_peaks);
        var bound = TimeSpan.FromMilliseconds(options.BoundFactor * unqueued.Load.Latency.P50);
        say(string.Create(CultureInfo.InvariantCulture, $"overload: the peak of {serviceCores} core(s) is {peak:F1} requests/s"));
        var stretches = new List<OpenStretch>();
        foreach (var share in options.Overloads)
        {
            stretches.Add(await _open.MeasureAsync(share, peak, bound, tell: true, options.Stretch, seed: (round * 100) + stretches.Count));
            say(OpenMeter.Describe(stretches[^1]));
        }

        return new OverloadFigures(peak, serviceCores, stretches);
    }
}
