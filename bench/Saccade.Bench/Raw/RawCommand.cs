using System.CommandLine;
using System.Globalization;
using Saccade.Bench.Ceiling;
using Saccade.Bench.Report;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Raw;

/// <summary><c>raw</c>: ONNX Runtime alone on several bundles in turn, such as the floats and the integers of one network.</summary>
internal static class RawCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var bundles = new Option<string[]>("--bundle")
        {
            Description = "Folder of a model (model.onnx, manifest.json); the first is what the others are compared with.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var batches = new Option<int[]>("--batches")
        {
            Description = "Batch sizes.",
            DefaultValueFactory = _ => [1, 4, 8],
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = new Option<double>("--seconds") { Description = "Length of each measured stretch.", DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often everything is measured, in turn; figures are medians.",
            DefaultValueFactory = _ => 5,
        };
        var markdown = new Option<string?>("--markdown") { Description = "Write the table here." };

        var command = new Command("raw", "ONNX Runtime alone on several bundles in turn, over batch sizes and threads.")
        {
            bundles,
            batches,
            seconds,
            rounds,
            markdown,
        };
        command.SetAction(async result =>
        {
            var layouts = RuntimeLayout.Grid(Environment.ProcessorCount, result.GetRequiredValue(batches));
            var rates = Measure(
                result.GetRequiredValue(bundles),
                layouts,
                TimeSpan.FromSeconds(result.GetValue(seconds)),
                result.GetValue(rounds)
            );
            var table = Table(result.GetRequiredValue(bundles), layouts, rates);
            await Console.Out.WriteAsync(table);
            var machine = await Machine.DescribeAsync();
            if (result.GetValue(markdown) is { } path)
                await File.WriteAllTextAsync(path, $"{machine.Description}, commit {machine.Commit}\n\n{table}");
        });
        return command;
    }

    /// <summary>[layout][bundle], medians over the rounds; the bundles take turns within each.</summary>
    private static RawRate[][] Measure(string[] bundles, IReadOnlyList<RuntimeLayout> layouts, TimeSpan stretch, int rounds) =>
        [
            .. layouts.Select(layout =>
            {
                RawRuntime[] runtimes = [.. bundles.Select(bundle => Open(bundle, layout))];
                try
                {
                    var rates = Enumerable
                        .Range(0, rounds)
                        .Select(_ => Array.ConvertAll(runtimes, runtime => runtime.Measure(stretch)))
                        .ToArray();
                    return bundles
                        .Select(
                            (_, index) =>
                                new RawRate(
                                    Median.Of(rates.Select(round => round[index].ImagesPerSecond)),
                                    Median.Of(rates.Select(round => round[index].ProcessorMsPerImage))
                                )
                        )
                        .ToArray();
                }
                finally
                {
                    Array.ForEach(runtimes, runtime => runtime.Dispose());
                }
            }),
        ];

    private static RawRuntime Open(string bundle, RuntimeLayout layout) =>
        new(Path.Combine(bundle, "model.onnx"), ManifestJson.Read(File.ReadAllBytes(Path.Combine(bundle, ManifestJson.FileName))), layout);

    private static string Table(string[] bundles, IReadOnlyList<RuntimeLayout> layouts, RawRate[][] rates)
    {
        var rows = layouts.Zip(rates, (layout, row) => Row(layout.ToString(), row)).ToList();
        rows.Add(
            Row(
                "**best of each**",
                [
                    .. bundles.Select(
                        (_, index) =>
                            new RawRate(rates.Max(row => row[index].ImagesPerSecond), rates.Min(row => row[index].ProcessorMsPerImage))
                    ),
                ]
            )
        );
        return MarkdownTable.Of(
            ["", .. bundles.Select(bundle => $"{bundle}, images/s"), .. bundles.Select(bundle => $"{bundle}, processor ms per image")],
            rows
        );
    }

    private static string[] Row(string name, RawRate[] rates) =>
        [
            name,
            .. rates.Select(rate => Text(rate.ImagesPerSecond, rate.ImagesPerSecond / rates[0].ImagesPerSecond)),
            .. rates.Select(rate => Text(rate.ProcessorMsPerImage, rates[0].ProcessorMsPerImage / rate.ProcessorMsPerImage)),
        ];

    private static string Text(double value, double gain) =>
        string.Create(CultureInfo.InvariantCulture, $"{value:0.0}{(gain == 1 ? "" : $" (×{gain:0.00})")}");
}
