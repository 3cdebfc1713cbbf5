using Saccade.Bench.Images;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Device;

/// <summary>The service as a process: tensors over the Open Inference Protocol, and images at <c>/classify</c>.</summary>
internal sealed class ServedSweep(Accelerator accelerator, string published, TimeSpan duration, string workshop, string records)
{
    private const int MostRows = 32;
    private const int ImageWidth = 500;
    private const int ImageHeight = 375;

    /// <summary>Measures every model with every batch and number of sessions.</summary>
    public async Task RunAsync(IEnumerable<DeviceBundle> bundles, IReadOnlyList<int> batches, IReadOnlyList<int> sessions)
    {
        var image = SyntheticPhoto.Jpeg(ImageWidth, ImageHeight);
        foreach (var bundle in bundles)
        {
            foreach (var (batch, count) in batches.SelectMany(batch => sessions.Select(count => (batch, count))))
                await MeasureAsync(bundle, batch, count, image);
        }
    }

    private async Task MeasureAsync(DeviceBundle bundle, int batch, int sessions, byte[] image)
    {
        var settings = EngineSettings.Of(EngineSettings.Only(bundle, workshop), accelerator, batch, sessions, "__");
        settings["Limits__MaxConcurrentRequests"] = "10000";
        settings["Logging__LogLevel__Default"] = "Warning";
        try
        {
            await using var service = await ServiceProcess.StartReadyAsync(published, settings);
            var rows = Math.Min(batch, MostRows);
            using var tensor = HostTensor.Random(bundle.Manifest.Input, rows);
            var inFlight = 3 * batch * sessions;
            var infer = new DeviceLoad(
                new Uri(service.Address, $"/v2/models/{bundle.Name}/infer"),
                tensor.Bytes,
                "application/octet-stream",
                isTensor: true
            );
            var (rate, stages) = await infer.RunAsync(Math.Max(2, inFlight / rows), duration);
            Record("tensors", rate * rows, stages);

            var classify = new DeviceLoad(new Uri(service.Address, "/classify"), image, "image/jpeg", isTensor: false);
            (rate, stages) = await classify.RunAsync(Math.Max(2, Math.Min(inFlight, 1024)), duration);
            Record("jpeg", rate, stages);
        }
        catch (Exception problem) when (problem is InvalidOperationException or TimeoutException or HttpRequestException)
        {
            (Start("tensors") with { Problem = problem.Message.ReplaceLineEndings(" ") }).AppendTo(records);
        }

        DeviceRecord Start(string part) =>
            new(part, bundle.Architecture, bundle.Heading(accelerator), "service") { Batch = batch, Sessions = sessions };

        void Record(string part, double rate, IReadOnlyDictionary<string, double> stages) =>
            (Start(part) with { ImagesPerSecond = rate, Figures = stages }).AppendTo(records);
    }
}
