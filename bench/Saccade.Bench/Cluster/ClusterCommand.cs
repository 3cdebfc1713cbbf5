using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Saccade.Bench.Capacity;
using Saccade.Bench.Report;

namespace Saccade.Bench.Cluster;

/// <summary><c>cluster</c>: many replicas behind several kinds of balancers, simulated with the service's own scheduler.</summary>
internal static class ClusterCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var file = new Option<string?>("--serving")
        {
            Description = "The serving.json with the figures of a replica. Default: the next four.",
        };
        var alone = new Option<double>("--alone")
        {
            Description = "Images a second of a replica with one client.",
            DefaultValueFactory = _ => 85.3,
        };
        var peak = new Option<double>("--peak")
        {
            Description = "The most images a second of a replica.",
            DefaultValueFactory = _ => 117.7,
        };
        var sessions = new Option<int>("--sessions") { Description = "Runs of the network at once.", DefaultValueFactory = _ => 2 };
        var batch = new Option<int>("--batch") { Description = "Images in a run, at most.", DefaultValueFactory = _ => 4 };
        var variation = new Option<double>("--variation")
        {
            Description = "Standard deviation of the length of runs, as a part of the mean, 0 to 1.",
            DefaultValueFactory = _ => 0.3,
        };
        var replicas = new Option<int>("--replicas") { Description = "Replicas.", DefaultValueFactory = _ => 1000 };
        var edges = new Option<int[]>("--edges")
        {
            Description = "Balancers before them that do not know of each other. Several numbers: one simulation for each.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [1],
        };
        var health = new Option<string>("--health")
        {
            Description = "How they notice failures: as the shipped nginx, by requests that fail, or as the shipped haproxy, by checks.",
            DefaultValueFactory = _ => "nginx",
        };
        health.AcceptOnlyFromAmong("nginx", "haproxy");
        var deadline = new Option<double>("--deadline") { Description = "Of each request, ms.", DefaultValueFactory = _ => 1000 };
        var seconds = new Option<double>("--seconds") { Description = "Simulated time of arrivals.", DefaultValueFactory = _ => 3 };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same figures.", DefaultValueFactory = _ => 1 };
        var markdown = new Option<string?>("--markdown") { Description = "Write the tables here." };
        var json = new Option<string?>("--json") { Description = "Write all figures here." };

        var command = new Command(
            "cluster",
            "Balancers before many replicas that fail and are slow, simulated with the service's scheduler."
        )
        {
            file,
            alone,
            peak,
            sessions,
            batch,
            variation,
            replicas,
            edges,
            health,
            deadline,
            seconds,
            seed,
            markdown,
            json,
        };
        command.SetAction(result =>
        {
            var measured = result.GetValue(file) is { } path
                ? MeasuredReplica.Read(File.ReadAllText(path))
                : new(result.GetValue(alone), result.GetValue(peak), result.GetValue(sessions), result.GetValue(batch), Open: []);
            return RunAsync(
                new(
                    ReplicaModel.Of(measured),
                    result.GetValue(variation),
                    result.GetValue(replicas),
                    result.GetValue(edges)!,
                    result.GetValue(health) == "haproxy" ? HealthRule.Haproxy : HealthRule.Nginx,
                    TimeSpan.FromMilliseconds(result.GetValue(deadline)),
                    TimeSpan.FromSeconds(result.GetValue(seconds)),
                    result.GetValue(seed),
                    result.GetValue(markdown),
                    result.GetValue(json)
                )
            );
        });
        return command;
    }

    private static async Task RunAsync(ClusterOptions options)
    {
        var setups = options.Setups();
        var rows = new ClusterRow[setups.Count];
        Parallel.For(0, setups.Count, at => rows[at] = new(setups[at], ClusterRun.Of(setups[at])));

        var machine = await Machine.DescribeAsync();
        var tables = $"Commit {machine.Commit}\n\n```\n{Machine.Command}\n```\n\n{ClusterTables.Of(rows)}";
        Console.Write(tables);
        if (options.Markdown is { } path)
            await File.WriteAllTextAsync(path, tables);
        if (options.Json is { } figures)
            await File.WriteAllTextAsync(
                figures,
                JsonSerializer.Serialize(
                    new
                    {
                        machine,
                        Machine.Command,
                        rows,
                    },
                    Json
                )
            );
    }
}
