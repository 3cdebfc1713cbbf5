using Saccade.Inference.Bundles;
using Saccade.Training.Prediction;
using Xunit;

namespace Saccade.Training.Tests.Prediction;

/// <summary>Files through the engine into a result, whole or in pieces.</summary>
public sealed class PredictionRunTests : IDisposable
{
    private readonly PredictedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_Folder_HasARowForEveryImageInTheirOrder()
    {
        _folder.With(20);

        var (note, computed) = await _folder.RunAsync("x.jsonl");

        var rows = _folder.Rows("x.jsonl");
        Assert.Equal((20, 20), (note.Rows!.Value.Count, computed));
        Assert.Equal(Enumerable.Range(0, 20).Select(PredictedFolder.Name).Order(StringComparer.Ordinal), rows.Select(row => row.Path));
        Assert.All(
            rows,
            row =>
            {
                var (red, green, blue) = PredictedFolder.Colour(int.Parse(Path.GetFileNameWithoutExtension(row.Path)));
                var best = new[] { ("red", red), ("green", green), ("blue", blue) }.MaxBy(colour => colour.Item2);
                Assert.Equal(
                    best.Item2,
                    new Dictionary<string, byte>
                    {
                        ["red"] = red,
                        ["green"] = green,
                        ["blue"] = blue,
                    }[row.Predictions![0].Label]
                );
                Assert.Equal((1, 2, null), (row.Crops, row.Predictions.Count, row.Embedding));
            }
        );
        Assert.False(File.Exists(_folder["x.jsonl.unfinished"]));
    }

    [Fact]
    public async Task RunAsync_Failures_AreRowsAndEndNothing()
    {
        _folder.With(5);
        File.WriteAllText(Path.Combine(_folder.Images, "no-image.jpg"), "no image");
        var png = File.ReadAllBytes(Path.Combine(_folder.Images, PredictedFolder.Name(1)));
        File.WriteAllBytes(Path.Combine(_folder.Images, "torn.png"), png[..^20]);
        File.WriteAllBytes(Path.Combine(_folder.Images, "empty.png"), []);
        var images = InputImages.Find([_folder.Images], _ => { }).Append(new("gone.png", _folder["gone.png"]));
        var failed = 0L;

        var (note, _) = await _folder.RunAsync("x.jsonl", images: images, told: progress => failed = progress.Failed);

        var codes = _folder.Rows("x.jsonl").Where(row => row.Error is not null).ToDictionary(row => row.Path, row => row.Error!.Code);
        Assert.Equal("unsupported-image", codes["no-image.jpg"]);
        Assert.Equal("invalid-image", codes["torn.png"]);
        Assert.Equal("unsupported-image", codes["empty.png"]);
        Assert.Equal("unreadable-file", codes["gone.png"]);
        Assert.Equal((9, 4, 4), (note.Rows!.Value.Count, failed, note.Failures!.Values.Sum()));
    }

    [Theory]
    [InlineData("x.jsonl", "\"selected\":")]
    [InlineData("x.csv", ",selected_2")]
    public async Task RunAsync_LabelsThatDoNotExcludeEachOther_SaysWhichAreSelected(string result, string expected)
    {
        _folder.With(1);

        var (note, _) = await _folder.RunAsync(result, "several");

        Assert.True(note.Settings.Selects);
        Assert.Contains(expected, await File.ReadAllTextAsync(_folder[result]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.jsonl")]
    [InlineData("x.csv")]
    [InlineData("x.parquet")]
    public async Task RunAsync_Interrupted_GoesOnWhereItStopped(string result)
    {
        _folder.With(60);
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _folder.RunAsync(
                result,
                told: progress =>
                {
                    if (progress.Done == 25)
                        stop.Cancel();
                },
                cancellation: stop.Token
            )
        );
        Assert.False(File.Exists(_folder[result]));
        Assert.Equal(25, _folder.Rows($"{result}.unfinished").Length);

        var (note, computed) = await _folder.RunAsync(result);
        var (again, nothing) = await _folder.RunAsync(result);

        Assert.Equal((60, 35), (note.Rows!.Value.Count, computed));
        Assert.Equal((60, 0), (again.Rows!.Value.Count, nothing));
        Assert.True(File.Exists(_folder[result]));
        Assert.False(File.Exists(_folder[$"{result}.unfinished"]));
    }

    [Fact]
    public async Task RunAsync_InterruptedOrNot_GivesTheSameRows()
    {
        _folder.With(30);
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _folder.RunAsync("x.jsonl", embeddings: true, told: _ => stop.Cancel(), cancellation: stop.Token)
        );
        await _folder.RunAsync("x.jsonl", embeddings: true);
        await _folder.RunAsync("y.jsonl", embeddings: true);

        Assert.Equal(File.ReadAllBytes(_folder["y.jsonl"]), File.ReadAllBytes(_folder["x.jsonl"]));
    }

    [Fact]
    public async Task RunAsync_ImagesThatCameLater_AreAddedToJsonLines()
    {
        await _folder.With(10).RunAsync("x.jsonl");
        await _folder.RunAsync("x.csv");
        _folder.With(3, first: 10);

        var (note, computed) = await _folder.RunAsync("x.jsonl");
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _folder.RunAsync("x.csv"));

        Assert.Equal((13, 3, 13), (note.Rows!.Value.Count, computed, _folder.Rows("x.jsonl").Length));
        Assert.Contains("is complete, and of other images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FileThatCouldNotBeRead_IsTriedAgain()
    {
        InputImage[] images = [new("late.png", _folder["late.png"])];
        var (before, _) = await _folder.RunAsync("x.jsonl", images: images);
        File.Copy(Path.Combine(_folder.With(1).Images, PredictedFolder.Name(0)), _folder["late.png"]);

        var (after, computed) = await _folder.RunAsync("x.jsonl", images: images);

        Assert.Equal("unreadable-file", Assert.Single(before.Failures!).Key);
        Assert.Equal((0, 1), (after.Failures!.Count, computed));
        Assert.NotNull(Assert.Single(_folder.Rows("x.jsonl")).Predictions);
    }

    [Fact]
    public async Task RunAsync_OtherSettingsOrImages_AreRefused()
    {
        await _folder.With(3).RunAsync("x.jsonl");

        foreach (
            var other in new[]
            {
                () => _folder.RunAsync("x.jsonl", model: "plain"),
                () => _folder.RunAsync("x.jsonl", crops: CropMode.Crops10),
                () => _folder.RunAsync("x.jsonl", embeddings: true),
            }
        )
            Assert.Contains("of other settings", (await Assert.ThrowsAsync<InvalidDataException>(other)).Message, StringComparison.Ordinal);

        File.WriteAllText(_folder["mine.jsonl"], "my own\n");
        var mine = await Assert.ThrowsAsync<InvalidDataException>(() => _folder.RunAsync("mine.jsonl"));
        Assert.Contains("no run has noted what it is of", mine.Message, StringComparison.Ordinal);
        Assert.Equal("my own\n", File.ReadAllText(_folder["mine.jsonl"]));
    }

    /// <summary>The result of one folder is not taken for that of another, nor lost to it.</summary>
    [Fact]
    public async Task RunAsync_RowsOfImagesThatAreNotAskedAbout_AreRefusedAndKept()
    {
        await _folder.With(3).RunAsync("x.jsonl");
        var (rows, note) = (File.ReadAllBytes(_folder["x.jsonl"]), File.ReadAllBytes(_folder["x.jsonl.run.json"]));
        File.Delete(Path.Combine(_folder.Images, PredictedFolder.Name(1)));
        _folder.With(2, first: 3);

        var complete = await Assert.ThrowsAsync<InvalidDataException>(() =>
            _folder.RunAsync("x.jsonl", told: _ => Assert.Fail("computed"))
        );

        Assert.Equal(
            $"'{_folder["x.jsonl"]}' has a row of '{PredictedFolder.Name(1)}', which is not asked about. Give another --out.",
            complete.Message
        );
        Assert.Equal(rows, File.ReadAllBytes(_folder["x.jsonl"]));
        Assert.Equal(note, File.ReadAllBytes(_folder["x.jsonl.run.json"]));

        File.Move(_folder["x.jsonl"], _folder["x.jsonl.unfinished"]);
        await Assert.ThrowsAsync<InvalidDataException>(() => _folder.RunAsync("x.jsonl", told: _ => Assert.Fail("computed")));
        Assert.Equal(rows, File.ReadAllBytes(_folder["x.jsonl.unfinished"]));
        Assert.Equal(note, File.ReadAllBytes(_folder["x.jsonl.run.json"]));
    }

    /// <summary>What a kill between the two leaves, where some rows were computed again.</summary>
    [Fact]
    public async Task RunAsync_ResultBesideTheRowsItWasMadeOf_GoesOnWithTheResult()
    {
        await _folder.With(3).RunAsync("x.jsonl");
        File.WriteAllText(_folder["x.jsonl.unfinished"], $"{{\"path\":\"{PredictedFolder.Name(0)}\"}}\n");

        var (note, computed) = await _folder.With(1, first: 3).RunAsync("x.jsonl");

        Assert.Equal((4, 1), (note.Rows!.Value.Count, computed));
    }

    [Fact]
    public async Task RunAsync_ResultDeleted_BeginsAgainWithWhatIsAsked()
    {
        await _folder.With(3).RunAsync("x.csv");
        File.Delete(_folder["x.csv"]);

        var (note, computed) = await _folder.RunAsync("x.csv", model: "plain");

        Assert.Equal((3, "plain"), (computed, note.Settings.Model));
    }

    [Fact]
    public async Task RunAsync_FolderOfTheResultMissing_IsMade()
    {
        await _folder.With(1).RunAsync("new/deeper/x.csv");

        Assert.True(File.Exists(_folder["new/deeper/x.csv"]));
    }

    [Fact]
    public async Task RunAsync_NamesThatNoFileHas_AreRows()
    {
        var path = _folder.With(1)["pipe.jpg"];
        using var made = System.Diagnostics.Process.Start("mkfifo", path);
        await made.WaitForExitAsync();
        InputImage[] images = [new("zero\0.jpg", "zero\0.jpg"), new("folder", _folder.Images), new("pipe.jpg", path)];

        await _folder.RunAsync("x.jsonl", images: images);

        Assert.Equal(["unreadable-file", "unreadable-file", "unsupported-image"], _folder.Rows("x.jsonl").Select(row => row.Error!.Code));
    }

    [Fact]
    public async Task RunAsync_WeightsBesideTheGraphChanged_AreAnotherModel()
    {
        await _folder.With(2).RunAsync("x.jsonl");
        File.WriteAllText(Path.Combine(_folder.Model("featured"), "README.md"), "Words.");
        await _folder.RunAsync("x.jsonl");
        File.WriteAllText(Path.Combine(_folder.Model("featured"), "model.onnx.data"), "weights");

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _folder.RunAsync("x.jsonl"));

        Assert.Contains("of another model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Embeddings_AreTheFeatures()
    {
        _folder.With(4);
        await _folder.RunAsync("x.jsonl", embeddings: true, crops: CropMode.Crops10);
        await _folder.RunAsync("unit.jsonl", embeddings: true, normalise: true);

        foreach (var (row, unit) in _folder.Rows("x.jsonl").Zip(_folder.Rows("unit.jsonl")))
        {
            var (red, green, blue) = PredictedFolder.Colour(int.Parse(Path.GetFileNameWithoutExtension(row.Path)));
            Assert.Equal([red / 255f, green / 255f, blue / 255f], row.Embedding!, (expected, actual) => Math.Abs(expected - actual) < 1e-5);
            Assert.Equal(red + green + blue == 0 ? 0 : 1, unit.Embedding!.Sum(number => (double)number * number), 1e-5);
        }
    }

    [Fact]
    public async Task RunAsync_Ensemble_IsAskedAsAWhole()
    {
        await _folder.With(3).RunAsync("x.jsonl", model: "both");

        Assert.All(_folder.Rows("x.jsonl"), row => Assert.Equal(2, row.Crops));
    }

    [Theory]
    [InlineData("plain", "1", "export it with --with-features")]
    [InlineData("both", "1", "is an ensemble")]
    [InlineData("featured", "7", "has no plan of 7 crops")]
    public async Task RunAsync_WhatTheModelCannotGive_IsRefusedAtTheStart(string model, string crops, string reason)
    {
        Assert.True(CropMode.TryParse(crops, out var mode));

        var error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            _folder.With(1).RunAsync("x.jsonl", model, crops: mode, embeddings: true)
        );

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ImageNamedTwice_HasOneRow()
    {
        var images = InputImages.Find([_folder.With(3).Images], _ => { });

        var (note, computed) = await _folder.RunAsync("x.jsonl", images: [.. images, images[1]]);

        Assert.Equal((3, 3, 1, 4), (computed, note.Rows!.Value.Count, note.Repeats.Count, note.Inputs.Count));
    }
}
