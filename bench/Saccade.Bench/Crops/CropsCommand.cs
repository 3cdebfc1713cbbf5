using System.CommandLine;
using System.Globalization;
using Saccade.Bench.Images;
using Saccade.Bench.Models;
using Saccade.Bench.Processes;
using Saccade.Bench.Report;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Crops;

/// <summary><c>crops</c>: what a request for many crops costs beside what its network costs, and what it costs others.</summary>
internal static class CropsCommand
{
    private const int ImageWidth = 500;
    private const int ImageHeight = 375;
    private const string BundleModel = "model.onnx";

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var architecture = new Option<string>("--arch")
        {
            Description = "Network, full width, published input, 1000 classes, random weights.",
            DefaultValueFactory = _ => "googlenet-bn",
        };
        var crops = new Option<int>("--crops") { Description = "Crops of a request.", DefaultValueFactory = _ => 144 };
        var batches = new Option<int[]>("--batches")
        {
            Description = "Batch sizes tried for ONNX Runtime alone.",
            DefaultValueFactory = _ => [1, 4, 16],
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "How long ONNX Runtime alone is measured in each round.",
            DefaultValueFactory = _ => 4,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often everything is measured; figures are medians.",
            DefaultValueFactory = _ => 5,
        };
        var published = new Option<string?>("--service")
        {
            Description = "Folder of a published service. Default: publish it now, as the Dockerfile does.",
        };

        var command = new Command(
            "crops",
            "A request for many crops beside as many in ONNX Runtime alone and one decode, in turns, and single crops beside such "
                + "requests."
        )
        {
            architecture,
            crops,
            batches,
            seconds,
            rounds,
            published,
        };
        command.SetAction(result =>
            RunAsync(
                new CropsOptions(
                    result.GetRequiredValue(architecture),
                    result.GetValue(crops),
                    result.GetRequiredValue(batches),
                    TimeSpan.FromSeconds(result.GetValue(seconds)),
                    result.GetValue(rounds),
                    result.GetValue(published)
                )
            )
        );
        return command;
    }

    private static async Task<int> RunAsync(CropsOptions options)
    {
        var workshop = Directory.CreateTempSubdirectory("saccade-bench-").FullName;
        try
        {
            var bundle = Path.Combine(workshop, "models", "bench", "1");
            RandomBundle.Write(options.Architecture, bundle);
            var manifest = ManifestJson.Read(await File.ReadAllBytesAsync(Path.Combine(bundle, ManifestJson.FileName)));
            var published = options.Published ?? Path.Combine(workshop, "app");
            if (options.Published is null)
                await ServicePublish.RunAsync(published, Path.Combine(workshop, "artifacts"));

            var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Models__Path"] = Path.Combine(workshop, "models") };
            await using var service = await ServiceProcess.StartReadyAsync(published, settings);
            var (rounds, singles) = await new CropsRun(
                options,
                Path.Combine(bundle, BundleModel),
                SyntheticPhoto.Jpeg(ImageWidth, ImageHeight),
                manifest,
                service,
                Console.WriteLine
            ).RunAsync();
            var machine = await Machine.DescribeAsync();
            Console.WriteLine($"\n{machine.Description}, commit {machine.Commit}\n");
            Console.WriteLine(Table(rounds));
            Console.Write(Table(singles, options.Crops));
            return 0;
        }
        finally
        {
            Directory.Delete(workshop, recursive: true);
        }
    }

    private static string Table(BesideFigures singles, int crops) =>
        MarkdownTable.Of(
            ["single crops, ms", "p50", "p99"],
            [
                ["alone", Figure.Of(singles.Alone.P50, 1), Figure.Of(singles.Alone.P99, 1)],
                [
                    $"beside a client that asks for {crops} crops without a pause",
                    Figure.Of(singles.Beside.P50, 1),
                    Figure.Of(singles.Beside.P99, 1),
                ],
                ["allowed: twice alone and a batch of the other's", "", Figure.Of(singles.BoundMs, 1)],
            ]
        );

    private static string Table(IReadOnlyList<CropsRound> rounds)
    {
        string Median(Func<CropsRound, double> figure, string format) =>
            Bench.Median.Of(rounds.Select(figure)).ToString(format, CultureInfo.InvariantCulture);
        return MarkdownTable.Of(
            [$"{rounds[0].Crops} crops, medians of {rounds.Count}", "by the clock", "by processor time"],
            [
                [
                    "crops in ONNX Runtime alone and one decode, ms",
                    Median(round => round.LeastMs, "F0"),
                    Median(round => round.LeastProcessorMs, "F0"),
                ],
                ["the request, ms", Median(round => round.RequestMs, "F0"), Median(round => round.ProcessorMs, "F0")],
                ["**ratio**", Median(round => round.Ratio, "F3"), Median(round => round.ProcessorRatio, "F3")],
            ]
        );
    }
}
