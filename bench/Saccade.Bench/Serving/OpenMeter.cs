using System.Globalization;
using Saccade.Bench.Load;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Serving;

/// <summary>Poisson arrivals on the service, in parts or multiples of its peak.</summary>
/// <param name="address">Where to POST.</param>
/// <param name="image">What.</param>
/// <param name="server">Whose processor time is read.</param>
/// <param name="cores">Mask of the cores that the generator keeps to; null means all.</param>
internal sealed class OpenMeter(Uri address, byte[] image, ChildProcess server, ulong? cores = null)
{
    // More than are ever under way: what a bound of some hundred milliseconds lets wait, and refusals that take a few.
    private const int Connections = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.3);

    /// <summary>Offers a rate and waits for the last answer.</summary>
    /// <param name="share">Of the peak.</param>
    /// <param name="peak">Requests a second.</param>
    /// <param name="bound">How soon an answer is of use.</param>
    /// <param name="tell">Whether the service is told of the bound, as a deadline.</param>
    /// <param name="stretch">Length of the schedule.</param>
    /// <param name="seed">Which schedule.</param>
    /// <param name="images">The images of so many requests; null for the same each time.</param>
    public async Task<OpenStretch> MeasureAsync(
        double share,
        double peak,
        TimeSpan bound,
        bool tell,
        TimeSpan stretch,
        int seed,
        Func<int, IEnumerable<byte[]>>? images = null
    )
    {
        (string, string)[] headers = tell ? [("X-Deadline-Ms", ((int)bound.TotalMilliseconds).ToString(CultureInfo.InvariantCulture))] : [];
        var rate = share * peak;
        var schedule = PoissonSchedule.Arrivals(rate, stretch, seed);
        // Written beforehand: the generator only sends.
        WireRequest[] requests =
        [
            .. (images?.Invoke(schedule.Count) ?? [image]).Select(bytes => WireRequest.Post(address, bytes, "image/jpeg", headers)),
        ];
        var load = new OpenLoop(at => requests[at % requests.Length], Connections, cores);
        using var clock = new ProcessorClock(server);
        var arrivals = await load.RunAsync(schedule);
        var result = new OpenStretch(share, rate, bound, stretch, arrivals, clock.ServerShare, clock.OwnShare);
        await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        return result;
    }

    /// <summary>A line about a stretch.</summary>
    public static string Describe(OpenStretch stretch)
    {
        var result = OpenResult.Of([stretch]);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{stretch.Share:F2} of the peak offered: {result.Goodput:F1} in time/s of {result.Rate:F1}, p99 {result.Latency.P99:F1} ms "
                + $"(bound {result.BoundMs:F0}), refusals' p99 {result.Refusal.P99:F1} ms, broken {result.Broken}"
        );
    }
}
