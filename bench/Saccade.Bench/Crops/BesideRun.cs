using System.Globalization;
using Saccade.Bench.Load;

namespace Saccade.Bench.Crops;

/// <summary>Single crops, one at a time, alone and beside a client that asks for many crops without a pause.</summary>
/// <param name="address">Of the service.</param>
/// <param name="image">What both send.</param>
/// <param name="crops">The many crops.</param>
/// <param name="say">Told of each round.</param>
internal sealed class BesideRun(Uri address, byte[] image, int crops, Action<string> say)
{
    private const int Singles = 100;
    private const int Connections = 32;

    // Long enough for the one before to be answered, so that they are slowed by the many crops alone.
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(83);
    private static readonly IReadOnlyList<TimeSpan> Schedule = [.. Enumerable.Range(0, Singles).Select(single => single * Every)];

    private readonly OpenLoop _singles = new(Request(address, image, crops: 1), Connections);
    private readonly ClosedLoop _many = new(Request(address, image, crops));
    private readonly List<Arrival> _alone = [];
    private readonly List<Arrival> _beside = [];
    private readonly List<double> _runs = [];

    /// <summary>One stretch of each, one after the other.</summary>
    public async Task RunAsync()
    {
        _alone.AddRange(await _singles.RunAsync(Schedule));
        var stream = _many.RunAsync(clients: 1, TimeSpan.Zero, Singles * Every);
        _beside.AddRange(await _singles.RunAsync(Schedule));
        _runs.Add((await stream).StageMeans["inference"]);
        var figures = Figures;
        say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"single crops, so far: p99 {figures.Alone.P99:F1} ms alone, {figures.Beside.P99:F1} ms beside {crops} crops at a time, "
                    + $"whose batches take {figures.RunMs:F1} ms"
            )
        );
    }

    /// <summary>All rounds thrown together: a 99th percentile needs all that there are.</summary>
    public BesideFigures Figures => new(Latencies(_alone), Latencies(_beside), Median.Of(_runs));

    private static Percentiles Latencies(IEnumerable<Arrival> arrivals) =>
        Percentiles.Of(
            arrivals.Select(arrival =>
                arrival.IsAnswer
                    ? arrival.Latency
                    : throw new InvalidOperationException($"A single crop was answered with {arrival.Status}.")
            )
        );

    private static WireRequest Request(Uri address, byte[] image, int crops) =>
        WireRequest.Post(new Uri(address, $"/classify?crops={crops}&deadlineMs=60000"), image, "image/jpeg");
}

/// <summary>What became of the single crops.</summary>
/// <param name="Alone">Latencies with nothing else to do.</param>
/// <param name="Beside">Latencies while another client asks for many crops.</param>
/// <param name="RunMs">How long a batch of those took.</param>
internal sealed record BesideFigures(Percentiles Alone, Percentiles Beside, double RunMs)
{
    /// <summary>What the single crops may take at the 99th percentile: twice what they take alone and a batch.</summary>
    public double BoundMs => (2 * Alone.P99) + RunMs;
}
