using System.Globalization;
using Saccade.Bench.Load;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Serving;

/// <summary>More than the service can answer, from a generator that takes none of its cores.</summary>
/// <param name="service">Kept to the service's cores.</param>
/// <param name="cores">Whose is what.</param>
/// <param name="address">Where to POST.</param>
/// <param name="image">What.</param>
/// <param name="options">Which rates, how long.</param>
/// <param name="say">Told of each stretch.</param>
internal sealed class OverloadTurn(
    ServiceProcess service,
    CoreSplit cores,
    Uri address,
    byte[] image,
    ServingOptions options,
    Action<string> say
)
{
    private const int Heats = 2;
    private const int HeatRequests = 400;
    private const int BusyClients = 16;
    private const double HeatRate = 1000;

    private static readonly TimeSpan HeatLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RefusalHeat = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan HeatBound = TimeSpan.FromSeconds(0.2);

    private readonly MeteredLoad _closed = new(WireRequest.Post(address, image, "image/jpeg"), service.Process, counters: null, cores.Load);
    private readonly OpenMeter _open = new(address, image, service.Process, cores.Load);
    private readonly List<double> _peaks = [];

    /// <summary>
    /// Answers and refuses until the service has settled: code that refuses is compiled under its first load as the code that answers is,
    /// and on a core that computes the compiler needs its time.
    /// </summary>
    public async Task HeatAsync()
    {
        for (var time = 0; time < Heats; time++)
        {
            await _closed.HeatAsync(HeatRequests, HeatLimit);
            _ = await _open.MeasureAsync(share: 1, HeatRate, HeatBound, tell: true, RefusalHeat, seed: time);
        }
    }

    /// <summary>Every rate once, each after the peak that it is compared with.</summary>
    /// <param name="round">Which schedules.</param>
    public async Task<OverloadFigures> RunAsync(int round)
    {
        var serviceCores = CoreSplit.Count(cores.Service);
        var unqueued = await _closed.MeasureAsync(serviceCores, options.Stretch);
        var bound = TimeSpan.FromMilliseconds(options.BoundFactor * unqueued.Load.Latency.P50);
        var stretches = new List<OverloadStretch>();
        foreach (var share in options.Overloads)
        {
            var busy = (await _closed.MeasureAsync(serviceCores * BusyClients, options.Stretch)).Load.RequestsPerSecond;
            _peaks.Add(busy);
            var load = await _open.MeasureAsync(
                share,
                Median.Of(_peaks),
                bound,
                tell: true,
                options.Stretch,
                seed: (round * 100) + stretches.Count
            );
            stretches.Add(new OverloadStretch(busy, load));
            say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{OpenMeter.Describe(load)}; {stretches[^1].Ratio:F3} of {busy:F1} on {serviceCores} core(s)"
                )
            );
        }

        return new OverloadFigures(serviceCores, stretches);
    }
}
