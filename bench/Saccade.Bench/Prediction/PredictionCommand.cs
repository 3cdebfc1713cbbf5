using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Saccade.Bench.Images;
using Saccade.Bench.Models;
using Saccade.Bench.Report;
using Saccade.Bench.Serving;
using Saccade.Inference.Bundles;
using Saccade.Training.Prediction;
using Saccade.Training.Serving;

namespace Saccade.Bench.Prediction;

/// <summary><c>predict</c>: the training tool's prediction of files against the machine's ceiling, in turn.</summary>
internal static class PredictionCommand
{
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(3);

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Option<string> arch = new("--arch") { Description = "Network, with random weights.", DefaultValueFactory = _ => "googlenet-bn" };
        Option<int> images = new("--images") { Description = "Files, JPEG of 500 × 375 pixels.", DefaultValueFactory = _ => 500 };
        Option<int> rounds = new("--rounds") { Description = "How often both are measured, in turn.", DefaultValueFactory = _ => 3 };
        Command command = new("predict", "Prediction of files by the training tool against the machine's ceiling.")
        {
            arch,
            images,
            rounds,
        };
        command.SetAction(
            (result, cancellation) =>
                RunAsync(result.GetRequiredValue(arch), result.GetValue(images), result.GetValue(rounds), cancellation)
        );
        return command;
    }

    private static async Task RunAsync(string arch, int images, int rounds, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("saccade-bench-").FullName;
        try
        {
            var bundle = Path.Combine(folder, arch, "1");
            RandomBundle.Write(arch, bundle);
            var jpeg = SyntheticPhoto.Jpeg(500, 375);
            var photos = Directory.CreateDirectory(Path.Combine(folder, "photos")).FullName;
            for (var number = 0; number < images; number++)
                await File.WriteAllBytesAsync(Path.Combine(photos, $"{number:00000}.jpg"), jpeg, cancellation);

            var manifest = ManifestJson.Read(await File.ReadAllBytesAsync(Path.Combine(bundle, ManifestJson.FileName), cancellation));
            CeilingMeter meter = new(Path.Combine(bundle, "model.onnx"), manifest, jpeg, Console.Error.WriteLine);
            var best = meter.Sweep([1, 4]).MaxBy(cell => cell.Rate.ImagesPerSecond)!.Layout;
            await using var engine = await LocalEngine.StartAsync(bundle, threads: 0);
            // Not measured: what is compiled on the way would be a large part of so short a run.
            await PredictAsync(engine, photos, Path.Combine(folder, "warm-up.jsonl"), cancellation);
            List<string[]> rows = [];
            for (var round = 0; round < rounds; round++)
            {
                var before = meter.Raw(best, Stretch);
                var (rate, processorMs) = await PredictAsync(engine, photos, Path.Combine(folder, $"{round}.jsonl"), cancellation);
                var ceiling = meter.Figures(before, meter.Raw(best, Stretch), meter.Stages(Stretch));
                rows.Add([
                    Text(ceiling.Ceiling, "0.0"),
                    Text(rate, "0.0"),
                    Text(rate / ceiling.Ceiling, "0.000"),
                    Text(ceiling.ProcessorMs, "0.00"),
                    Text(processorMs, "0.00"),
                    Text(ceiling.ProcessorMs / processorMs, "0.000"),
                ]);
            }

            await Console.Out.WriteAsync(
                MarkdownTable.Of(
                    ["ceiling, images/s", "predict, images/s", "of the ceiling", "least processor ms", "predict's", "by processor time"],
                    rows
                )
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double ImagesPerSecond, double ProcessorMsPerImage)> PredictAsync(
        LocalEngine engine,
        string photos,
        string result,
        CancellationToken cancellation
    )
    {
        using var self = Process.GetCurrentProcess();
        PredictionRun run = new(engine, new() { Crops = CropMode.Single, TopK = 5 }, normalise: false, new ResultFile(result), Shard.Whole);
        var (processor, start) = (self.TotalProcessorTime, TimeProvider.System.GetTimestamp());
        var note = await run.RunAsync(InputImages.Find([photos], Console.Error.WriteLine), _ => { }, cancellation);
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        self.Refresh();
        var images = note.Rows!.Value.Count;
        return (images / elapsed.TotalSeconds, (self.TotalProcessorTime - processor).TotalMilliseconds / images);
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
