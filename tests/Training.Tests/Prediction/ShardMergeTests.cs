using Saccade.Training.Prediction;
using Xunit;

namespace Saccade.Training.Tests.Prediction;

/// <summary>Shares of a result put together: nothing is lost, nothing is there twice, and whatever would make it so is refused.</summary>
public sealed class ShardMergeTests : IDisposable
{
    private const int Shards = 3;

    private readonly PredictedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_AllShares_IsWhatOneRunWouldGive()
    {
        await RunAllAsync(count: 40);
        await _folder.RunAsync("whole.jsonl");

        var note = ShardMerge.Write(new(_folder["merged.jsonl"]), [Part(2), Part(0), Part(1)]);
        ShardMerge.Write(new(_folder["merged.csv"]), [.. Enumerable.Range(0, Shards).Select(Part)]);

        Assert.Equal((40, "0/1"), (note.Rows!.Value.Count, note.Shard));
        Assert.Equal(
            File.ReadAllLines(_folder["whole.jsonl"]).Order(StringComparer.Ordinal),
            File.ReadAllLines(_folder["merged.jsonl"]).Order(StringComparer.Ordinal)
        );
        Assert.Equal(1 + 40, File.ReadAllLines(_folder["merged.csv"]).Length);
        Assert.Equal(
            PredictionNote.Read(_folder["whole.jsonl.run.json"])!.Rows,
            PredictionNote.Read(_folder["merged.jsonl.run.json"])!.Rows
        );
    }

    [Fact]
    public async Task Write_WhatIsNotAllOfIt_IsRefusedWithTheReason()
    {
        await RunAllAsync(count: 30);

        Refused("Of 3 shards these are missing: 1.", Part(0), Part(2));
        Refused("Shard 2/3 is given 2 times.", Part(0), Part(1), Part(2), Part(2));
        await _folder.RunAsync("other.jsonl", shard: "1/4");
        Refused("one of 4", Part(0), Part(2), _folder["other.shard-1-of-4.jsonl"]);
        await _folder.RunAsync("plain.jsonl", model: "plain", shard: "1/3");
        Refused("of another model", Part(0), Part(2), _folder["plain.shard-1-of-3.jsonl"]);
        await _folder.RunAsync("whole.jsonl");
        Refused("no share of a result, but a whole one", _folder["whole.jsonl"]);
        Refused("no share of a result: there is no", _folder["whole.jsonl.run.json"]);
    }

    [Fact]
    public async Task Write_ShareThatIsNotComplete_IsRefused()
    {
        await RunAllAsync(count: 30);
        File.Move(Part(1), $"{Part(1)}.unfinished");

        Refused("Shard 1/3 is not complete", Part(0), Part(1), Part(2));

        // Its run goes on.
        var (_, computed) = await _folder.RunAsync("x.jsonl", shard: "1/3");
        Assert.Equal(0, computed);
        ShardMerge.Write(new(_folder["merged.jsonl"]), [Part(0), Part(1), Part(2)]);
    }

    [Fact]
    public async Task Write_SharesOfOtherImages_AreRefusedUntilAllHaveRunAgain()
    {
        await RunAllAsync(count: 30);
        _folder.With(5, first: 30);
        await _folder.RunAsync("x.jsonl", shard: "1/3");

        Refused("Shard 1/3 was made when there were 35 images", Part(0), Part(1), Part(2));

        await RunAllAsync(count: 35);
        Assert.Equal(35, ShardMerge.Write(new(_folder["merged.jsonl"]), [Part(0), Part(1), Part(2)]).Rows!.Value.Count);
    }

    [Fact]
    public async Task Write_RowsThatWereTamperedWith_AreRefusedAndNothingIsWritten()
    {
        await RunAllAsync(count: 30);
        var lines = File.ReadAllLines(Part(0));

        File.WriteAllLines(Part(0), lines[1..]);
        Refused($"has {lines.Length - 1} rows", Part(0), Part(1), Part(2));
        File.WriteAllLines(Part(0), [.. lines, lines[0]]);
        Refused("or a second one", Part(0), Part(1), Part(2));
        File.WriteAllLines(Part(0), [.. lines, File.ReadAllLines(Part(1))[0]]);
        Refused("not its own", Part(0), Part(1), Part(2));

        Assert.False(File.Exists(_folder["merged.jsonl"]));
    }

    [Fact]
    public async Task Write_ImagesNamedTwice_AreThereOnce()
    {
        var images = InputImages.Find([_folder.With(12).Images], _ => { });
        InputImage[] twice = [.. images, .. images];
        for (var index = 0; index < Shards; index++)
            await _folder.RunAsync("x.jsonl", shard: $"{index}/{Shards}", images: twice);

        Assert.Equal(12, ShardMerge.Write(new(_folder["merged.jsonl"]), [Part(0), Part(1), Part(2)]).Rows!.Value.Count);
    }

    private async Task RunAllAsync(int count)
    {
        _folder.With(count);
        for (var index = 0; index < Shards; index++)
            await _folder.RunAsync("x.jsonl", shard: $"{index}/{Shards}");
    }

    private void Refused(string reason, params string[] parts)
    {
        var error = Assert.Throws<InvalidDataException>(() => ShardMerge.Write(new(_folder["merged.jsonl"]), parts));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private string Part(int index) => _folder[$"x.shard-{index}-of-{Shards}.jsonl"];
}
