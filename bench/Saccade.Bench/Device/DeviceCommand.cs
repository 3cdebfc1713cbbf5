using System.CommandLine;

namespace Saccade.Bench.Device;

/// <summary><c>device</c>: what a GPU computes, whether it is right, and what of its speed the service delivers. Driven by
/// bench/gpu.</summary>
internal static class DeviceCommand
{
    private static readonly Option<string> Models = new("--models")
    {
        Description = "Folder of the models that 'device models' writes.",
        Required = true,
    };
    private static readonly Option<string> Records = new("--records")
    {
        Description = "File to add a line to for each figure.",
        Required = true,
    };
    private static readonly Option<string> Provider = new("--provider")
    {
        Description = "cuda, or cpu to try everything but the device.",
        DefaultValueFactory = _ => "cuda",
    };
    private static readonly Option<int[]> Batches = new("--batch")
    {
        Description = "Rows of a run, at most.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 8, 32, 128, 256],
    };
    private static readonly Option<int[]> Sessions = new("--sessions")
    {
        Description = "Runs at once.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 2, 3, 4],
    };
    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "How long each figure is measured.",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Models to measure, by their folder's name. Default: all.",
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<int> Threads = new("--threads")
    {
        Description = "Threads of a run on the processor; 0 leaves it to ONNX Runtime.",
    };

    /// <summary>The command with its verbs.</summary>
    public static Command Create() =>
        new("device", "A GPU: equal to the processor first, then how fast. See bench/gpu.")
        {
            WriteModels(),
            Check(),
            Raw(),
            Pool(),
            Served(),
            Report(),
        };

    private static Command WriteModels()
    {
        var architectures = new Option<string[]>("--arch")
        {
            Description = "Networks to write with random weights.",
            AllowMultipleArgumentsPerToken = true,
        };
        var trained = new Option<string[]>("--trained")
        {
            Description = "Bundles (NAME/VERSION) to copy.",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("models", "Write models in every number format.") { Models, architectures, trained };
        command.SetAction(result =>
        {
            foreach (var name in result.GetValue(architectures) ?? [])
                DeviceBundle.WriteRandom(result.GetRequiredValue(Models), name);
            foreach (var bundle in result.GetValue(trained) ?? [])
                DeviceBundle.CopyTrained(result.GetRequiredValue(Models), bundle);
        });
        return command;
    }

    private static Command Check()
    {
        var data = new Option<string?>("--data") { Description = "Held-out images for trained models." };
        var command = new Command("check", "Compare the device with the processor.") { Models, Records, Provider, Only, data };
        command.SetAction(result =>
        {
            var failures = new Correctness(Device(result), result.GetRequiredValue(Records)).Run(Bundles(result), result.GetValue(data));
            foreach (var failure in failures)
                Console.Error.WriteLine(failure);
            return failures.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command Raw()
    {
        var command = new Command("raw", "ONNX Runtime by itself.")
        {
            Models,
            Records,
            Provider,
            Only,
            Batches,
            Sessions,
            Seconds,
            Threads,
        };
        command.SetAction(result =>
            new RawSweep(Device(result), Duration(result), result.GetValue(Threads), result.GetRequiredValue(Records)).Run(
                Bundles(result),
                result.GetRequiredValue(Batches),
                result.GetRequiredValue(Sessions)
            )
        );
        return command;
    }

    private static Command Pool()
    {
        var command = new Command("pool", "The pool without HTTP.") { Models, Records, Provider, Only, Batches, Sessions, Seconds };
        command.SetAction(result =>
            InWorkshopAsync(workshop =>
                new PoolSweep(Device(result), Duration(result), workshop, result.GetRequiredValue(Records)).RunAsync(
                    Bundles(result),
                    result.GetRequiredValue(Batches),
                    result.GetRequiredValue(Sessions)
                )
            )
        );
        return command;
    }

    private static Command Served()
    {
        var service = new Option<string>("--service") { Description = "Folder of the published service.", Required = true };
        var command = new Command("served", "The service, with tensors and with images.")
        {
            Models,
            Records,
            Provider,
            Only,
            Batches,
            Sessions,
            Seconds,
            service,
        };
        command.SetAction(result =>
            InWorkshopAsync(workshop =>
                new ServedSweep(
                    Device(result),
                    Path.GetFullPath(result.GetRequiredValue(service)),
                    Duration(result),
                    workshop,
                    result.GetRequiredValue(Records)
                ).RunAsync(Bundles(result), result.GetRequiredValue(Batches), result.GetRequiredValue(Sessions))
            )
        );
        return command;
    }

    private static Command Report()
    {
        var device = new Option<string>("--device")
        {
            Description = "The device and its software, in words.",
            DefaultValueFactory = _ => "",
        };
        var markdown = new Option<string>("--markdown") { Description = "Write the tables here.", Required = true };
        var command = new Command("report", "The records as tables.") { Records, device, markdown };
        command.SetAction(result =>
            File.WriteAllText(
                result.GetRequiredValue(markdown),
                DeviceReport.Of(DeviceRecord.Read(result.GetRequiredValue(Records)), result.GetRequiredValue(device))
            )
        );
        return command;
    }

    private static Accelerator Device(ParseResult result) => Accelerator.Of(result.GetRequiredValue(Provider));

    private static TimeSpan Duration(ParseResult result) => TimeSpan.FromSeconds(result.GetRequiredValue(Seconds));

    private static IReadOnlyList<DeviceBundle> Bundles(ParseResult result)
    {
        var all = DeviceBundle.In(result.GetRequiredValue(Models));
        return result.GetValue(Only) is { Length: > 0 } only ? [.. all.Where(bundle => only.Contains(bundle.Name))] : all;
    }

    private static async Task InWorkshopAsync(Func<string, Task> work)
    {
        var workshop = Directory.CreateTempSubdirectory("saccade-device-").FullName;
        try
        {
            await work(workshop);
        }
        finally
        {
            Directory.Delete(workshop, recursive: true);
        }
    }
}
