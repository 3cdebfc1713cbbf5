using System.CommandLine;
using Saccade.Bench.Processes;
using Saccade.Bench.Report;

namespace Saccade.Bench.Soak;

/// <summary><c>soak</c>: hours of mixed traffic. Nothing may be lost, no memory may stay behind, and the last answers must be as fast as
/// the first.</summary>
internal static class SoakCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 30 };
        var clients = new Option<int>("--clients")
        {
            Description = "Clients that send what a service is for: one image by one crop, by ten, by auto, or in a batch.",
            DefaultValueFactory = _ => 4,
        };
        var hostile = new Option<int>("--hostile")
        {
            Description = "Clients that send what must be refused: damaged and huge images, wrong forms, deadlines that cannot be met.",
            DefaultValueFactory = _ => 2,
        };
        var hasty = new Option<int>("--hasty") { Description = "Clients that hang up before the answer.", DefaultValueFactory = _ => 1 };
        var swaps = new Option<double>("--swap-seconds")
        {
            Description = "Time between two loads of the default model; 0 for none.",
            DefaultValueFactory = _ => 20,
        };
        var growth = new Option<double>("--most-growth")
        {
            Description = "MiB an hour by which memory may grow, from the second fifth of the run on.",
            DefaultValueFactory = _ => 60,
        };
        var models = new Option<string?>("--models") { Description = "Folder of the models. Default: models/ of the checkout." };
        var published = new Option<string?>("--service")
        {
            Description = "Folder of a published service. Default: publish it now, as the Dockerfile does.",
        };
        var markdown = new Option<string?>("--markdown") { Description = "Write the tables here." };

        var command = new Command("soak", "Memory, latency and lost requests of a running service over a long time of mixed traffic.")
        {
            minutes,
            clients,
            hostile,
            hasty,
            swaps,
            growth,
            models,
            published,
            markdown,
        };
        command.SetAction(result =>
            RunAsync(
                new SoakOptions(
                    result.GetValue(minutes),
                    result.GetValue(clients),
                    result.GetValue(hostile),
                    result.GetValue(hasty),
                    result.GetValue(swaps),
                    result.GetValue(growth),
                    Path.GetFullPath(result.GetValue(models) ?? Path.Combine(Checkout.Root, "models")),
                    result.GetValue(published),
                    result.GetValue(markdown)
                )
            )
        );
        return command;
    }

    private static async Task<int> RunAsync(SoakOptions options)
    {
        // Before, not after, so that it is known at once if it cannot be told.
        var machine = await Machine.DescribeAsync();
        var workshop = Directory.CreateTempSubdirectory("saccade-bench-").FullName;
        try
        {
            var published = options.Published ?? Path.Combine(workshop, "app");
            if (options.Published is null)
                await ServicePublish.RunAsync(published, Path.Combine(workshop, "artifacts"));
            await using var service = await ServiceProcess.StartReadyAsync(
                published,
                new Dictionary<string, string?> { ["Models__Path"] = options.Models, ["Admin__Key"] = ServiceProcess.AdminKey }
            );
            var report = await new SoakRun(service, options, Console.WriteLine).RunAsync();
            var tables = report.Markdown(machine, Machine.Command);
            Console.Write(tables);
            if (options.Markdown is { } path)
                await File.WriteAllTextAsync(path, tables);
            foreach (var fault in report.Faults(options.MostGrowth))
                Console.Error.WriteLine(fault);
            return report.Faults(options.MostGrowth).Any() ? 1 : 0;
        }
        finally
        {
            Directory.Delete(workshop, recursive: true);
        }
    }
}
