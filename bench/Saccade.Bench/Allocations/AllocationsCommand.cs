using System.CommandLine;
using Saccade.Bench.Images;
using Saccade.Bench.Processes;
using Saccade.Bench.Report;

namespace Saccade.Bench.Allocations;

/// <summary><c>allocations</c>: what a request costs the service in managed memory and processor time once it is warm.</summary>
internal static class AllocationsCommand
{
    private const int ImageWidth = 500;
    private const int ImageHeight = 375;

    private static readonly (int Clients, int Crops)[] Loads = [(1, 1), (8, 1), (1, 10)];

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var models = new Option<string?>("--models") { Description = "Model repository to serve. Default: the checkout's models." };
        var requests = new Option<int>("--requests")
        {
            Description = "Requests that are counted for each number of clients.",
            DefaultValueFactory = _ => 4000,
        };
        var warmUp = new Option<int>("--warm-up")
        {
            Description = "Requests before that: the runtime compiles for the first few thousand.",
            DefaultValueFactory = _ => 4000,
        };
        var published = new Option<string?>("--service")
        {
            Description = "Folder of a published service. Default: publish it now, as the Dockerfile does.",
        };
        var command = new Command(
            "allocations",
            "First request, and bytes allocated and processor time per request of the warm service, by its own metrics."
        )
        {
            models,
            requests,
            warmUp,
            published,
        };
        command.SetAction(result =>
            RunAsync(
                result.GetValue(models) ?? Checkout.PathOf("models"),
                result.GetValue(requests),
                result.GetValue(warmUp),
                result.GetValue(published)
            )
        );
        return command;
    }

    private static async Task<int> RunAsync(string models, int requests, int warmUp, string? published)
    {
        var workshop = Directory.CreateTempSubdirectory("saccade-bench-").FullName;
        try
        {
            var app = published ?? Path.Combine(workshop, "app");
            if (published is null)
                await ServicePublish.RunAsync(app, Path.Combine(workshop, "artifacts"));
            await using var service = await ServiceProcess.StartReadyAsync(
                app,
                new Dictionary<string, string?> { ["Models__Path"] = Path.GetFullPath(models) }
            );
            var run = new AllocationsRun(service.Address, SyntheticPhoto.Jpeg(ImageWidth, ImageHeight));
            var rows = new List<IReadOnlyList<string>>();
            Console.WriteLine(FormattableString.Invariant($"first request: {(await run.TimeOneAsync()).TotalMilliseconds:F1} ms"));
            foreach (var (clients, crops) in Loads)
            {
                await run.SendAsync(clients, warmUp, crops);
                var cost = await run.MeasureAsync(clients, requests, crops);
                rows.Add(
                    Array.ConvertAll<FormattableString, string>(
                        [$"{clients}", $"{crops}", $"{cost.Bytes:F0}", $"{cost.Seconds * 1000:F2}"],
                        FormattableString.Invariant
                    )
                );
            }

            Console.WriteLine(
                FormattableString.Invariant($"a request of the warm service: {(await run.TimeOneAsync()).TotalMilliseconds:F1} ms")
            );
            Console.Write(MarkdownTable.Of(["clients", "crops", "bytes allocated per request", "processor ms per request"], rows));
            return 0;
        }
        finally
        {
            Directory.Delete(workshop, recursive: true);
        }
    }
}
