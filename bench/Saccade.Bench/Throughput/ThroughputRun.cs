using Saccade.Bench.Ceiling;
using Saccade.Bench.Load;
using Saccade.Bench.Processes;
using Saccade.Inference.Models;

namespace Saccade.Bench.Throughput;

/// <summary>
/// Ceiling and served throughput in one run, in turns. The load generator shares the machine with the service: what it takes is measured and
/// counts against the service.
/// </summary>
internal sealed class ThroughputRun(
    ThroughputOptions options, string bundle, byte[] picture, ModelManifest manifest, ServiceProcess service, Action<string> say)
{
    private const int HeatRequests = 400;
    private const int MostHeatStretches = 60;

    private static readonly TimeSpan SweepStretch = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly int _cores = Environment.ProcessorCount;
    private readonly string _graph = Path.Combine(bundle, "model.onnx");

    /// <summary>Runs everything.</summary>
    public async Task<ThroughputReport> RunAsync()
    {
        var sweep = Sweep();
        var best = sweep.MaxBy(cell => cell.Rate.ImagesPerSecond)!.Layout;
        say($"best layout for ONNX Runtime alone: {best}");
        var costs = StageCosts.Measure(picture, manifest, options.Stretch);
        say($"decode ({costs.JpegDecoder}) {costs.DecodeMs:F2} ms, resize and crop {costs.PreprocessMs:F2} ms on one thread");

        say($"{await HeatAsync()} requests to let the service's code be compiled to the end");
        var rounds = new List<ThroughputRound>();
        for (var number = 1; number <= options.Rounds; number++)
            rounds.Add(await RoundAsync(number, best, costs));
        return new ThroughputReport(manifest, picture.Length, sweep, best, costs, rounds);
    }

    private List<SweepCell> Sweep()
    {
        var cells = new List<SweepCell>();
        foreach (var layout in RuntimeLayout.Grid(_cores, options.Batches))
        {
            cells.Add(new SweepCell(layout, MeasureRaw(layout, SweepStretch)));
            say($"ONNX Runtime alone, {layout}: {cells[^1].Rate.ImagesPerSecond:F1} images/s, {cells[^1].Rate.ProcessorMsPerImage:F1} ms of processor time each");
        }

        return cells;
    }

    private RawRate MeasureRaw(RuntimeLayout layout, TimeSpan stretch)
    {
        using var runtime = new RawRuntime(_graph, manifest, layout);
        return runtime.Measure(stretch);
    }

    // The runtime compiles a method properly after 30 calls, in the background: what comes before is no steady state.
    private async Task<int> HeatAsync()
    {
        var load = new ClosedLoop(new Uri(service.Address, "/classify"), picture, "image/jpeg");
        var sent = 0;
        for (var stretch = 0; sent < HeatRequests && stretch < MostHeatStretches; stretch++)
            sent += (await load.RunAsync(_cores, TimeSpan.Zero, WarmUp)).Answers;
        return sent;
    }

    private async Task<ThroughputRound> RoundAsync(int number, RuntimeLayout best, StageCosts costs)
    {
        // Half of the ceiling before the load and half after it: a drift of the machine meets both sides.
        var before = MeasureRaw(best, options.Stretch / 2);
        var served = new List<ServedFigures>();
        foreach (var clients in options.Clients)
            served.Add(await ServeAsync(clients));
        var after = MeasureRaw(best, options.Stretch / 2);

        var round = new ThroughputRound(Ceiling(before, after, costs), served);
        say($"round {number}: ceiling {round.Ceiling.Ceiling:F1}/s (runtime {before.ImagesPerSecond:F1} before, {after.ImagesPerSecond:F1} after); " + string.Join(", ", options.Clients.Select(
            clients => $"{clients} clients {round.Of(clients).Load.RequestsPerSecond:F1}/s = {round.Ratio(clients):F3} (by processor time {round.ProcessorRatio(clients):F3})")));
        return round;
    }

    private CeilingFigures Ceiling(RawRate before, RawRate after, StageCosts costs) => new(
        _cores,
        (before.ImagesPerSecond + after.ImagesPerSecond) / 2,
        (before.ProcessorMsPerImage + after.ProcessorMsPerImage) / 2,
        costs.DecodeMs,
        costs.PreprocessMs);

    private async Task<ServedFigures> ServeAsync(int clients)
    {
        var load = new ClosedLoop(new Uri(service.Address, "/classify"), picture, "image/jpeg");
        await load.RunAsync(clients, TimeSpan.Zero, WarmUp);

        using var self = System.Diagnostics.Process.GetCurrentProcess();
        var loadBefore = self.TotalProcessorTime;
        var serviceBefore = service.Process.ProcessorTime;
        var result = await load.RunAsync(clients, TimeSpan.Zero, options.Stretch);
        self.Refresh();
        var loadTime = self.TotalProcessorTime - loadBefore;
        var serviceTime = service.Process.ProcessorTime - serviceBefore;

        if (result.Refusals.Count > 0)
            throw new InvalidOperationException($"The service refused requests: {string.Join(", ", result.Refusals)}\n{service.Process.Output}");
        return new ServedFigures(
            result, serviceTime.TotalMilliseconds / result.Requests, loadTime / (result.Elapsed * _cores));
    }
}
