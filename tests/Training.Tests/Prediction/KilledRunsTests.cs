using System.Diagnostics;
using Saccade.Training.Prediction;
using Xunit;

namespace Saccade.Training.Tests.Prediction;

/// <summary>Many processes, killed at random and started again: every image is in the result once.</summary>
public sealed class KilledRunsTests : IDisposable
{
    private const int Images = 3000;
    private const int Shards = 4;
    private const int Kills = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly PredictedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Predict_ProcessesKilledAtRandom_LoseAndDoubleNothing()
    {
        _folder.With(Images);
        var killed = await Task.WhenAll(Enumerable.Range(0, Shards).Select(RunAsync));

        string[] parts = [.. Enumerable.Range(0, Shards).Select(Part)];
        ShardMerge.Write(new(_folder["merged.jsonl"]), parts);

        Assert.All(killed, kills => Assert.InRange(kills, 1, Kills));
        var rows = _folder.Rows("merged.jsonl");
        Assert.Equal(
            Enumerable.Range(0, Images).Select(PredictedFolder.Name).Order(StringComparer.Ordinal),
            rows.Select(row => row.Path).Order(StringComparer.Ordinal)
        );
        Assert.All(rows, row => Assert.NotNull(row.Predictions));
    }

    /// <summary>Runs a shard to its end.</summary>
    /// <returns>How often its process was killed before.</returns>
    private async Task<int> RunAsync(int index)
    {
        var random = new Random(index);
        for (var kills = 0; ; kills++)
        {
            // Of the share's 100,000 bytes or so. Rows that were computed and not written are lost with the process.
            var bytes = kills < Kills ? random.Next(1, 30_000) : int.MaxValue;
            using var process = Start(index);
            var finished = process.WaitForExitAsync().WaitAsync(Patience);
            if (await WrittenAsync($"{Part(index)}.unfinished", bytes, finished))
            {
                process.Kill();
                await finished;
                continue;
            }

            Assert.True(process.ExitCode == 0, await process.StandardError.ReadToEndAsync());
            return kills;
        }
    }

    /// <summary>Waits until a file has grown by so much.</summary>
    /// <returns>False if something else ended first.</returns>
    private static async Task<bool> WrittenAsync(string path, int bytes, Task other)
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = Length(path);
        using FileSystemWatcher watcher = new(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        watcher.Changed += (_, _) =>
        {
            if (Length(path) - before >= bytes)
                written.TrySetResult();
        };
        watcher.EnableRaisingEvents = true;
        return await Task.WhenAny(written.Task, other) == written.Task;
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private Process Start(int index) =>
        Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [
                    typeof(Shard).Assembly.Location,
                    "predict",
                    _folder.Images,
                    "--model",
                    _folder.Model("plain"),
                    "--out",
                    _folder["x.jsonl"],
                    "--shard",
                    $"{index}/{Shards}",
                    "--threads",
                    "1",
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    private string Part(int index) => _folder[$"x.shard-{index}-of-{Shards}.jsonl"];
}
