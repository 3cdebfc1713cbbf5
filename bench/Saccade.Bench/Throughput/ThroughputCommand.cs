using System.CommandLine;
using System.Text.Json;
using Saccade.Bench.Models;
using Saccade.Bench.Pictures;
using Saccade.Bench.Processes;
using Saccade.Bench.Report;
using Saccade.Inference.Models;

namespace Saccade.Bench.Throughput;

/// <summary><c>throughput</c>: what the machine could do, and what the service reaches of it.</summary>
internal static class ThroughputCommand
{
    private const int PictureWidth = 500;
    private const int PictureHeight = 375;

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var bundle = new Option<string?>("--bundle") { Description = "Folder of the model (model.onnx, manifest.json). Default: one with random weights." };
        var architecture = new Option<string>("--arch") { Description = "Network of the default bundle, full width, published input, 1000 classes.", DefaultValueFactory = _ => "googlenet-bn" };
        var picture = new Option<string?>("--picture") { Description = "The picture to send. Default: a synthetic JPEG of 500 × 375." };
        var clients = new Option<int[]>("--clients") { Description = "Requests under way at once; repeat for several.", DefaultValueFactory = _ => [1, 8, 32], AllowMultipleArgumentsPerToken = true };
        var batches = new Option<int[]>("--batches") { Description = "Batch sizes tried for the ceiling.", DefaultValueFactory = _ => [1, 4, 16], AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<double>("--seconds") { Description = "Length of each measured stretch.", DefaultValueFactory = _ => 5 };
        var rounds = new Option<int>("--rounds") { Description = "How often everything is measured; figures are medians.", DefaultValueFactory = _ => 3 };
        var published = new Option<string?>("--service") { Description = "Folder of a published service. Default: publish it now, as the Dockerfile does." };
        var settings = new Option<string[]>("--set") { Description = "A setting of the service as an environment variable, Name=value; repeat for several.", DefaultValueFactory = _ => [] };
        var json = new Option<string?>("--json") { Description = "Write the figures here." };
        var markdown = new Option<string?>("--markdown") { Description = "Write the tables here." };

        var command = new Command("throughput", "Ceiling of the machine and closed-loop throughput of POST /classify, in one run.")
        {
            bundle, architecture, picture, clients, batches, seconds, rounds, published, settings, json, markdown,
        };
        command.SetAction(result => RunAsync(new ThroughputOptions(
            result.GetValue(bundle),
            result.GetRequiredValue(architecture),
            result.GetValue(picture),
            result.GetRequiredValue(clients),
            result.GetRequiredValue(batches),
            TimeSpan.FromSeconds(result.GetValue(seconds)),
            result.GetValue(rounds),
            result.GetValue(published),
            result.GetRequiredValue(settings),
            result.GetValue(json),
            result.GetValue(markdown))));
        return command;
    }

    private static async Task<int> RunAsync(ThroughputOptions options)
    {
        var workshop = Directory.CreateTempSubdirectory("saccade-bench-").FullName;
        try
        {
            var report = await MeasureAsync(options, workshop);
            var machine = await Machine.DescribeAsync();
            var tables = ThroughputTables.Markdown(report, machine, CommandLine());
            Console.WriteLine();
            Console.Write(tables);
            if (options.Markdown is { } markdown)
                await File.WriteAllTextAsync(markdown, tables);
            if (options.Json is { } json)
                await File.WriteAllTextAsync(json, JsonSerializer.Serialize(new { machine, command = CommandLine(), report }, JsonOptions));
            return 0;
        }
        finally
        {
            Directory.Delete(workshop, recursive: true);
        }
    }

    private static async Task<ThroughputReport> MeasureAsync(ThroughputOptions options, string workshop)
    {
        var picture = options.Picture is { } path ? await File.ReadAllBytesAsync(path) : SyntheticPhoto.Jpeg(PictureWidth, PictureHeight);
        var repository = Path.Combine(workshop, "models");
        var bundle = Path.Combine(repository, "bench", "1");
        if (options.Bundle is { } source)
            CopyFiles(source, bundle);
        else
            RandomBundle.Write(options.Architecture, bundle);
        var manifest = ManifestJson.Read(await File.ReadAllBytesAsync(Path.Combine(bundle, ManifestJson.FileName)));

        var published = options.Published ?? Path.Combine(workshop, "app");
        if (options.Published is null)
        {
            Console.WriteLine("publishing the service");
            await ServicePublish.RunAsync(published, Path.Combine(workshop, "artifacts"));
        }

        var settings = options.Settings
            .Select(setting => setting.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts.ElementAtOrDefault(1), StringComparer.Ordinal);
        settings["Models__Path"] = repository;
        await using var service = await ServiceProcess.StartReadyAsync(published, settings);
        return await new ThroughputRun(options, bundle, picture, manifest, service, Console.WriteLine).RunAsync();
    }

    private static void CopyFiles(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    private static string CommandLine() =>
        string.Join(' ', ["dotnet run --project bench/Saccade.Bench -c Release --", .. Environment.GetCommandLineArgs()[1..]]);
}
