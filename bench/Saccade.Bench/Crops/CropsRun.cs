using System.Net.Http.Headers;
using Saccade.Bench.Ceiling;
using Saccade.Bench.Processes;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Crops;

/// <summary>One client that asks for many crops of an image, ONNX Runtime alone in between, and single crops beside it.</summary>
internal sealed class CropsRun(
    CropsOptions options,
    string graph,
    byte[] image,
    ModelManifest manifest,
    ServiceProcess service,
    Action<string> say
)
{
    // The runtime compiles a method properly after 30 calls, in the background. Most of them single crops make; what only a request of many
    // does, it does once or once for each size: after five such requests the compiler still took up to 2 % of the next.
    private const int HeatRequests = 60;
    private const int LongHeatRequests = 30;

    private static readonly TimeSpan SweepStretch = TimeSpan.FromSeconds(1.5);

    /// <summary>Runs everything.</summary>
    public async Task<(IReadOnlyList<CropsRound> Rounds, BesideFigures Singles)> RunAsync()
    {
        var best = RuntimeLayout
            .Grid(Environment.ProcessorCount, options.Batches)
            .MaxBy(layout => Raw(layout, SweepStretch).ImagesPerSecond)!;
        say($"best layout for ONNX Runtime alone: {best}");
        var costs = StageCosts.Measure(image, manifest, SweepStretch);
        using var client = new HttpClient { BaseAddress = service.Address };
        for (var request = 0; request < HeatRequests; request++)
            await AskAsync(client, crops: 1);
        for (var request = 0; request < LongHeatRequests; request++)
            await AskAsync(client, options.Crops);

        var rounds = new List<CropsRound>();
        var beside = new BesideRun(service.Address, image, options.Crops, say);
        for (var number = 1; number <= options.Rounds; number++)
        {
            var before = Raw(best, options.Stretch / 2);
            var (request, processor) = await AskAsync(client, options.Crops);
            var after = Raw(best, options.Stretch / 2);
            rounds.Add(new(options.Crops, Mean(before, after), costs.DecodeMs, request.TotalMilliseconds, processor.TotalMilliseconds));
            say(
                $"round {number}: {rounds[^1].RequestMs:F0} ms for at least {rounds[^1].LeastMs:F0} = {rounds[^1].Ratio:F3} (by processor "
                    + $"time {rounds[^1].ProcessorRatio:F3})"
            );
            await beside.RunAsync();
        }

        return (rounds, beside.Figures);
    }

    private static RawRate Mean(RawRate one, RawRate other) =>
        new((one.ImagesPerSecond + other.ImagesPerSecond) / 2, (one.ProcessorMsPerImage + other.ProcessorMsPerImage) / 2);

    private RawRate Raw(RuntimeLayout layout, TimeSpan stretch)
    {
        using var runtime = new RawRuntime(graph, manifest, layout);
        return runtime.Measure(stretch);
    }

    private async Task<(TimeSpan Clock, TimeSpan Processor)> AskAsync(HttpClient client, int crops)
    {
        var processor = service.Process.ProcessorTime;
        var sent = TimeProvider.System.GetTimestamp();
        using var body = new ByteArrayContent(image);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var answer = await client.PostAsync(new Uri($"/classify?crops={crops}&deadlineMs=60000", UriKind.Relative), body);
        var clock = TimeProvider.System.GetElapsedTime(sent);
        return answer.IsSuccessStatusCode
            ? (clock, service.Process.ProcessorTime - processor)
            : throw new InvalidOperationException(
                $"The service answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}"
            );
    }
}
