using System.CommandLine;
using Saccade.Bench.Images;
using Saccade.Bench.Models;
using Saccade.Bench.Processes;
using Saccade.Bench.Report;

namespace Saccade.Bench.Swaps;

/// <summary><c>swaps</c>: a model is loaded anew again and again under load; no request may be refused and no memory may stay
/// behind.</summary>
internal static class SwapsCommand
{
    private const int ImageWidth = 500;
    private const int ImageHeight = 375;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var bundle = new Option<string?>("--bundle")
        {
            Description = "Folder of the model (model.onnx, manifest.json). Default: one with random weights.",
        };
        var architecture = new Option<string>("--arch")
        {
            Description = "Network of the default bundle, full width, published input, 1000 classes.",
            DefaultValueFactory = _ => "googlenet-bn",
        };
        var swaps = new Option<int>("--swaps") { Description = "How often the model is loaded anew.", DefaultValueFactory = _ => 200 };
        var clients = new Option<int>("--clients") { Description = "Requests under way meanwhile.", DefaultValueFactory = _ => 2 };
        var growth = new Option<double>("--most-growth")
        {
            Description = "MiB by which memory may grow from the second fifth of the swaps to the last.",
            DefaultValueFactory = _ => 24,
        };
        var published = new Option<string?>("--service")
        {
            Description = "Folder of a published service. Default: publish it now, as the Dockerfile does.",
        };
        var markdown = new Option<string?>("--markdown") { Description = "Write the tables here." };

        var command = new Command("swaps", "Memory and latency of a running service while its model is replaced many times.")
        {
            bundle,
            architecture,
            swaps,
            clients,
            growth,
            published,
            markdown,
        };
        command.SetAction(result =>
            RunAsync(
                new SwapsOptions(
                    result.GetValue(bundle),
                    result.GetRequiredValue(architecture),
                    result.GetValue(swaps),
                    result.GetValue(clients),
                    result.GetValue(growth),
                    result.GetValue(published),
                    result.GetValue(markdown)
                )
            )
        );
        return command;
    }

    private static async Task<int> RunAsync(SwapsOptions options)
    {
        var workshop = Directory.CreateTempSubdirectory("saccade-bench-").FullName;
        try
        {
            var repository = Path.Combine(workshop, "models");
            Prepare(options, Path.Combine(repository, SwapsRun.Model, "1"));
            var published = options.Published ?? Path.Combine(workshop, "app");
            if (options.Published is null)
                await ServicePublish.RunAsync(published, Path.Combine(workshop, "artifacts"));

            await using var service = await ServiceProcess.StartReadyAsync(
                published,
                new Dictionary<string, string?> { ["Models__Path"] = repository, ["Admin__Key"] = ServiceProcess.AdminKey }
            );
            var report = await new SwapsRun(service, SyntheticPhoto.Jpeg(ImageWidth, ImageHeight), options, Console.WriteLine).RunAsync();
            var tables = report.Markdown(await Machine.DescribeAsync(), Machine.Command);
            Console.Write(tables);
            if (options.Markdown is { } path)
                await File.WriteAllTextAsync(path, tables);
            return Verdict(report, options.MostGrowth);
        }
        finally
        {
            Directory.Delete(workshop, recursive: true);
        }
    }

    private static void Prepare(SwapsOptions options, string bundle)
    {
        if (options.Bundle is not { } source)
        {
            RandomBundle.Write(options.Architecture, bundle);
            return;
        }

        Directory.CreateDirectory(bundle);
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(bundle, Path.GetFileName(file)));
    }

    private static int Verdict(SwapsReport report, double mostGrowth)
    {
        if (report.Refusals.Count > 0)
            Console.Error.WriteLine($"Requests were refused: {string.Join(", ", report.Refusals)}");
        if (report.Growth > mostGrowth)
            Console.Error.WriteLine($"Memory grew by {report.Growth:F0} MiB; {mostGrowth:F0} are allowed.");
        return report.Refusals.Count > 0 || report.Growth > mostGrowth ? 1 : 0;
    }
}
