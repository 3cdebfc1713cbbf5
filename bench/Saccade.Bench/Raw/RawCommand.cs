using System.CommandLine;
using System.Globalization;
using Saccade.Bench.Ceiling;
using Saccade.Bench.Report;
using Saccade.Inference.Models;

namespace Saccade.Bench.Raw;

/// <summary><c>raw</c>: ONNX Runtime alone on several bundles in turn, such as the floats and the integers of one network.</summary>
internal static class RawCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var bundles = new Option<string[]>("--bundle") { Description = "Folder of a model (model.onnx, manifest.json); the first is what the others are compared with.", Required = true, AllowMultipleArgumentsPerToken = true };
        var batches = new Option<int[]>("--batches") { Description = "Batch sizes.", DefaultValueFactory = _ => [1, 4, 8], AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<double>("--seconds") { Description = "Length of each measured stretch.", DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds") { Description = "How often everything is measured, in turn; figures are medians.", DefaultValueFactory = _ => 5 };
        var markdown = new Option<string?>("--markdown") { Description = "Write the table here." };

        var command = new Command("raw", "ONNX Runtime alone on several bundles in turn, over batch sizes and threads.") { bundles, batches, seconds, rounds, markdown };
        command.SetAction(async result =>
        {
            var layouts = RuntimeLayout.Grid(Environment.ProcessorCount, result.GetRequiredValue(batches));
            var rates = Measure(result.GetRequiredValue(bundles), layouts, TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(rounds));
            var table = Table(result.GetRequiredValue(bundles), layouts, rates);
            await Console.Out.WriteAsync(table);
            var machine = await Machine.DescribeAsync();
            if (result.GetValue(markdown) is { } path)
                await File.WriteAllTextAsync(path, $"{machine.Description}, commit {machine.Commit}\n\n{table}");
        });
        return command;
    }

    /// <summary>Images a second, [layout][bundle], medians over the rounds; the bundles take turns within each.</summary>
    private static double[][] Measure(string[] bundles, IReadOnlyList<RuntimeLayout> layouts, TimeSpan stretch, int rounds) =>
    [
        .. layouts.Select(layout =>
        {
            RawRuntime[] runtimes = [.. bundles.Select(bundle => Open(bundle, layout))];
            try
            {
                var rates = Enumerable.Range(0, rounds).Select(_ => Array.ConvertAll(runtimes, runtime => runtime.Measure(stretch).ImagesPerSecond)).ToArray();
                return bundles.Select((_, index) => Median.Of([.. rates.Select(round => round[index])])).ToArray();
            }
            finally
            {
                Array.ForEach(runtimes, runtime => runtime.Dispose());
            }
        }),
    ];

    private static RawRuntime Open(string bundle, RuntimeLayout layout) =>
        new(Path.Combine(bundle, "model.onnx"), ManifestJson.Read(File.ReadAllBytes(Path.Combine(bundle, ManifestJson.FileName))), layout);

    private static string Table(string[] bundles, IReadOnlyList<RuntimeLayout> layouts, double[][] rates)
    {
        var rows = layouts.Zip(rates, (layout, row) => Row(layout.ToString(), row)).ToList();
        rows.Add(Row("**best of each**", [.. bundles.Select((_, index) => rates.Max(row => row[index]))]));
        return MarkdownTable.Of(["images/s", .. bundles], rows);
    }

    private static string[] Row(string name, double[] rates) =>
    [
        name,
        .. rates.Select((rate, index) => index == 0
            ? rate.ToString("0.0", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{rate:0.0} (×{rate / rates[0]:0.00})")),
    ];
}
