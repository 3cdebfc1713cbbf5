using System.CommandLine;
using Saccade.Bench.Images;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Serving;

/// <summary><c>serving</c>: what the machine could do, what the service reaches of it under every kind of load, and what others reach, in
/// one run.</summary>
internal static class ServingCommand
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
        var also = new Option<string[]>("--also")
        {
            Description = "Folder of a further model to compare with the peers, such as an int8 export; repeat for several.",
            DefaultValueFactory = _ => [],
        };
        var image = new Option<string?>("--image") { Description = "The image to send. Default: a synthetic JPEG of 500 × 375." };
        var clients = Many("--clients", "Requests under way at once in the closed loop.", 1, 2, 4, 8, 16, 32, 64, 128);
        var batches = Many("--batches", "Batch sizes tried for the ceiling.", 1, 4, 16);
        var shares = Many("--shares", "Open-loop rates as parts of the closed loop's peak.", 0.5, 0.7, 0.8, 0.85, 0.9, 0.95);
        var overloads = Many("--overloads", "Overload rates as multiples of the peak.", 2.0, 10.0);
        var bound = new Option<double>("--bound")
        {
            Description = "The bound on the 99th percentile, in median latencies of as many clients as cores.",
            DefaultValueFactory = _ => 10,
        };
        var peers = new Option<string?>("--peers") { Description = "Folder of the peers. Default: bench/peers." };
        var peerClients = Many("--peer-clients", "Requests under way at once for peers and further models.", 1, 8, 32);
        var only = new Option<ServingPart[]>("--only")
        {
            Description = "Parts to measure beside ceiling and closed loop. Default: all.",
            DefaultValueFactory = _ => Enum.GetValues<ServingPart>(),
            AllowMultipleArgumentsPerToken = true,
        };
        var none = new Option<bool>("--bare") { Description = "Ceiling and closed loop alone." };
        var seconds = new Option<double>("--seconds") { Description = "Length of each measured stretch.", DefaultValueFactory = _ => 3 };
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often everything is measured; figures are medians.",
            DefaultValueFactory = _ => 3,
        };
        var published = new Option<string?>("--service")
        {
            Description = "Folder of a published service. Default: publish it now, as the Dockerfile does.",
        };
        var settings = new Option<string[]>("--set")
        {
            Description = "A setting of the service as an environment variable, Name=value; repeat for several.",
            DefaultValueFactory = _ => [],
        };
        var output = new Option<string?>("--out") { Description = "Folder for serving.md, serving.json and the plots." };

        var command = new Command("serving", "Ceiling, closed and open loop, overload, the service's own cost and the peers, in one run.")
        {
            bundle,
            architecture,
            also,
            image,
            clients,
            batches,
            shares,
            overloads,
            bound,
            peers,
            peerClients,
            only,
            none,
            seconds,
            rounds,
            published,
            settings,
            output,
        };
        command.SetAction(result =>
            RunAsync(
                new ServingOptions(
                    result.GetValue(bundle),
                    result.GetRequiredValue(architecture),
                    result.GetRequiredValue(also),
                    result.GetValue(image),
                    result.GetRequiredValue(clients),
                    result.GetRequiredValue(batches),
                    result.GetRequiredValue(shares),
                    result.GetRequiredValue(overloads),
                    result.GetValue(bound),
                    Path.GetFullPath(result.GetValue(peers) ?? Checkout.PathOf("bench", "peers")),
                    result.GetRequiredValue(peerClients),
                    result.GetValue(none) ? [] : result.GetRequiredValue(only),
                    TimeSpan.FromSeconds(result.GetValue(seconds)),
                    result.GetValue(rounds),
                    result.GetValue(published),
                    result.GetRequiredValue(settings),
                    result.GetValue(output)
                )
            )
        );
        return command;
    }

    private static Option<T[]> Many<T>(string name, string description, params T[] values) =>
        new(name)
        {
            Description = description + " Several may follow.",
            DefaultValueFactory = _ => values,
            AllowMultipleArgumentsPerToken = true,
        };

    private static async Task<int> RunAsync(ServingOptions options)
    {
        var workshop = Directory.CreateTempSubdirectory("saccade-bench-").FullName;
        try
        {
            var report = await MeasureAsync(options, workshop);
            await ServingFiles.WriteAsync(report, options.Out);
            return 0;
        }
        finally
        {
            Directory.Delete(workshop, recursive: true);
        }
    }

    private static async Task<ServingReport> MeasureAsync(ServingOptions options, string workshop)
    {
        var image = options.Image is { } path ? await File.ReadAllBytesAsync(path) : SyntheticPhoto.Jpeg(ImageWidth, ImageHeight);
        var models = ServingModels.Prepare(options, Path.Combine(workshop, "models"));
        var published = options.Published ?? Path.Combine(workshop, "app");
        if (options.Published is null)
        {
            Console.WriteLine("publishing the service");
            await ServicePublish.RunAsync(published, Path.Combine(workshop, "artifacts"));
        }

        var settings = options
            .Settings.Select(setting => setting.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts.ElementAtOrDefault(1), StringComparer.Ordinal);
        settings["Models__Path"] = models.Repository;
        await using var service = await ServiceProcess.StartReadyAsync(published, settings);
        var cores = CoreSplit.OfThisMachine();
        await using var flooded = options.Parts.Contains(ServingPart.Overload)
            ? await ServiceProcess.StartReadyAsync(published, settings, cores.Service)
            : null;
        var overload = flooded is null
            ? null
            : new OverloadTurn(flooded, cores, ServingModels.AddressOf(models.Main, flooded.Address), image, options, Console.WriteLine);
        using var run = new ServingRun(options, models, models.ReadManifest(), image, service, overload, Console.WriteLine);
        return await run.RunAsync();
    }
}
