using System.Text.Json;
using System.Xml.Linq;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Commands;
using Saccade.Training.Commands.Evaluate;
using Saccade.Training.Commands.Options;
using Saccade.Training.Data;
using Saccade.Training.Tests.Bundles;
using Saccade.Training.Tests.Data;
using Saccade.Training.Tests.Tuning;
using Saccade.Training.Tuning;
using Xunit;

namespace Saccade.Training.Tests.Commands;

/// <summary>What <c>evaluate</c> prints and writes, from the folders to the end.</summary>
public sealed class EvaluateCommandTests : IDisposable
{
    private static readonly CropMode[] All = [CropMode.Single, CropMode.Crops10, CropMode.Crops12, CropMode.Crops144, CropMode.Auto];

    private readonly ServedPair _pair = new();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task Run_EnsembleLiveAndFromScores_PrintsTheSameFigures()
    {
        using var live = await JsonAsync("both", All);
        using var kept = await JsonAsync("both", All, scores: _pair.Beside("kept"));

        foreach (var plan in live.RootElement.GetProperty("crops").EnumerateObject())
        {
            var same = kept.RootElement.GetProperty("crops").GetProperty(plan.Name);
            foreach (var figure in new[] { "top1", "cropsUsed", "members", "macs", "shareOf144" })
                Assert.Equal(plan.Value.GetProperty(figure).GetDouble(), same.GetProperty(figure).GetDouble(), 1e-9);
            Assert.True(plan.Value.GetProperty("imagesPerSecond").GetDouble() > 0);
        }

        Assert.Equal(288, live.RootElement.GetProperty("crops").GetProperty("144").GetProperty("cropsUsed").GetDouble());
        Assert.Equal(1, live.RootElement.GetProperty("crops").GetProperty("144").GetProperty("shareOf144").GetDouble(), 1e-9);
        Assert.True(live.RootElement.GetProperty("crops").GetProperty("auto").TryGetProperty("stops", out _));
    }

    [Fact]
    public async Task Tune_Bundle_WritesWhatIsServedThen()
    {
        using var printed = await JsonAsync("first", All, tune: true);

        var manifest = ManifestJson.Read(File.ReadAllBytes(Path.Combine(_pair.In("first", "1"), "manifest.json")));
        var tuning = printed.RootElement.GetProperty("tuning");
        Assert.Equal((30, 30), (tuning.GetProperty("fitted").GetInt32(), tuning.GetProperty("measured").GetInt32()));
        Assert.Equal(manifest.TemperatureScaling!.Temperature, tuning.GetProperty("temperature").GetDouble());
        Assert.Contains(Halves.Rule, manifest.TemperatureScaling.DataSet, StringComparison.Ordinal);
        Assert.Equal(30, manifest.EarlyExit!.Measured!.Images);
        Assert.Equal(
            manifest.TemperatureScaling.ErrorAfter!.Value,
            printed.RootElement.GetProperty("crops").GetProperty("1").GetProperty("calibrationError").GetDouble(),
            1e-4
        );

        // The service that reads the file now answers as was measured.
        var halves = Halves.Of(_pair.Data.HeldOut);
        await using var served = await MeasuredModel.OpenAsync(_pair.In("first", "1"), threads: 1);
        var live = await served.RunAsync(
            new Subset(_pair.Data.HeldOut, [.. halves.Measured]),
            CropMode.Auto,
            _ => { },
            CancellationToken.None
        );
        Assert.Equal(
            (manifest.EarlyExit.Measured.Top1, manifest.EarlyExit.Measured.Crops),
            (live.Scores.Top1, Math.Round(live.CropsUsed, 4))
        );
        Assert.Equal(
            printed.RootElement.GetProperty("crops").GetProperty("auto").GetProperty("calibrationError").GetDouble(),
            live.Scores.CalibrationError,
            1e-6
        );
    }

    [Fact]
    public async Task Tune_Ensemble_WritesItsRoundsAndKeepsItsMembers()
    {
        using var printed = await JsonAsync("both", All, tune: true, plot: _pair.Beside("plot.svg"));

        var ensemble = EnsembleJson.Read(File.ReadAllBytes(Path.Combine(_pair.In("both", "1"), "ensemble.json")));
        Assert.Equal(["first", "second"], ensemble.MemberNames);
        Assert.Equal(
            ensemble.Members.Select(member => member.Weight),
            printed.RootElement.GetProperty("tuning").GetProperty("weights").EnumerateObject().Select(weight => weight.Value.GetDouble())
        );
        Assert.Equal(["1", "10", "12", "144", "auto"], ensemble.Accuracy!.Top1ByCrops.Keys);
        Assert.Equal(
            printed.RootElement.GetProperty("crops").GetProperty("auto").GetProperty("top1").GetDouble(),
            ensemble.EarlyExit!.Measured!.Top1
        );
        Assert.True(
            printed.RootElement.GetProperty("tuning").GetProperty("autoAgainst").GetProperty("144").GetProperty("compute").GetDouble() <= 1
        );
        Assert.False(File.Exists(Path.Combine(_pair.In("both", "1"), "manifest.json")));

        var svg = XDocument.Load(_pair.Beside("plot.svg"));
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal((3 * 4) + 1, svg.Descendants(ns + "circle").Count());
        Assert.Equal(3, svg.Descendants(ns + "polyline").Count());
        Assert.Contains(svg.Descendants(ns + "text"), text => text.Value == "all together");
    }

    [Fact]
    public async Task Tune_SomePlans_UsesTheseOnly()
    {
        using var printed = await JsonAsync("both", [CropMode.Single, CropMode.Crops12, CropMode.Auto], tune: true);

        var ensemble = EnsembleJson.Read(File.ReadAllBytes(Path.Combine(_pair.In("both", "1"), "ensemble.json")));
        Assert.Equal(["1", "12", "auto"], ensemble.Accuracy!.Top1ByCrops.Keys);
        Assert.All(ensemble.EarlyExit!.Rounds, round => Assert.Contains(round.Crops, new[] { "1", "12" }));
        Assert.Equal(
            ["1", "12"],
            printed.RootElement.GetProperty("tuning").GetProperty("autoAgainst").EnumerateObject().Select(plan => plan.Name)
        );
    }

    [Fact]
    public void Find_FolderOfVersions_IsTheNewest()
    {
        Directory.CreateDirectory(Path.Combine(_pair.In("both", "10")));
        File.Copy(Path.Combine(_pair.In("both", "1"), "ensemble.json"), Path.Combine(_pair.In("both", "10"), "ensemble.json"));
        Directory.CreateDirectory(_pair.In("both", "11"));

        Assert.Equal(_pair.In("both", "10"), ServedFolder.Find(Path.GetDirectoryName(_pair.In("both", "1"))!));
        Assert.Equal(_pair.In("both", "1"), ServedFolder.Find(_pair.In("both", "1")));
        Assert.Equal("nowhere", ServedFolder.Find("nowhere"));
    }

    [Fact]
    public async Task Run_RunWithAuto_IsMeasuredThroughTheEngine()
    {
        using var folder = new TrainedRunFolder();
        EvaluationRun evaluation = new(folder.Run.Path, folder.Data.Limit(3), [CropMode.Single, CropMode.Auto], threads: 1)
        {
            DataName = "formula",
        };

        using var json = JsonDocument.Parse(await evaluation.RunAsync(tune: false, json: true, CancellationToken.None));

        Assert.InRange(json.RootElement.GetProperty("crops").GetProperty("auto").GetProperty("cropsUsed").GetDouble(), 1, 145);
    }

    [Fact]
    public async Task Run_RunToBeTuned_IsRefused()
    {
        using var folder = new TrainedRunFolder();
        EvaluationRun evaluation = new(folder.Run.Path, folder.Data, All, threads: 1) { DataName = "formula" };

        await Assert.ThrowsAsync<CommandException>(() => evaluation.RunAsync(tune: true, json: false, CancellationToken.None));
    }

    [Fact]
    public async Task Run_EnsembleWithoutItsMember_SaysWhichIsMissing()
    {
        Directory.Delete(Path.Combine(_pair.In("second", "1")), recursive: true);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => JsonAsync("both", All));

        Assert.Contains("second", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_pair.In("first", "1")), "what was linked must stay");
    }

    [Fact]
    public async Task Run_DataWithSomeClassesInAnotherOrder_IsMeasuredByName()
    {
        var all = _pair.Data.HeldOut;
        int[] some = [.. Enumerable.Range(0, all.Count).Where(image => all.LabelOf(image) != 0)];
        // The data's classes are blue and green; the model's are red, green and blue.
        DataSet data = new(["blue", "green"], "drawn", new Subset(all, []), new RelabelledImages(new Subset(all, some), [-1, 1, 0]));

        using var whole = await JsonAsync("first", [CropMode.Single]);
        EvaluationRun evaluation = new(_pair.In("first", "1"), data, [CropMode.Single], threads: 1) { DataName = "some" };
        using var part = JsonDocument.Parse(await evaluation.RunAsync(tune: false, json: true, CancellationToken.None));
        var text = await evaluation.RunAsync(tune: false, json: false, CancellationToken.None);

        Assert.Equal(["red", "green", "blue"], part.RootElement.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        foreach (var label in new[] { 1, 2 })
            Assert.Equal(Confusion(whole, label), Confusion(part, label));
        Assert.Equal([0, 0, 0], Confusion(part, 0));
        Assert.Contains("No images of 1 of the model's 3 classes: red.", text, StringComparison.Ordinal);

        static int[] Confusion(JsonDocument json, int label) =>
            [
                .. json
                    .RootElement.GetProperty("crops")
                    .GetProperty("1")
                    .GetProperty("confusion")[label]
                    .EnumerateArray()
                    .Select(count => count.GetInt32()),
            ];
    }

    [Fact]
    public async Task Run_DataWithAClassThatTheModelHasNot_IsRefused()
    {
        var data = _pair.Data with { Labels = ["red", "green", "cyan"] };
        EvaluationRun evaluation = new(_pair.In("first", "1"), data, [CropMode.Single], threads: 1) { DataName = "other" };

        var error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            evaluation.RunAsync(tune: false, json: false, CancellationToken.None)
        );

        Assert.Equal("1 of the data's 3 classes are none of the model's: 'cyan'. The model has 'red', 'green', 'blue'.", error.Message);
    }

    [Theory]
    [InlineData("", 2, "a")]
    [InlineData("--split val", 2, "b")]
    [InlineData("--split test", 3, "c")]
    [InlineData("--split train", 6, "d")]
    [InlineData("--split all", 11, "e")]
    public async Task Invoke_WithoutCrops_MeasuresThePartByOneCrop(string split, int images, string report)
    {
        using LabelledFolder folder = new();
        foreach (var (part, each) in new[] { ("Train", 2), ("valid", 0), ("test", 1) })
        {
            foreach (var label in _pair.Data.Labels)
                folder.Fill($"{part}/{label}", each);
        }

        folder.Fill("valid/red", 1).Fill("valid/blue", 1);

        var code = await EvaluateCommand
            .Create()
            .Parse([
                "--model",
                _pair.In("first", "1"),
                "--data",
                folder.Path,
                "--report",
                folder.In(report),
                .. split.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ])
            .InvokeAsync(new System.CommandLine.InvocationConfiguration { EnableDefaultExceptionHandler = false });

        Assert.Equal(0, code);
        var text = await File.ReadAllTextAsync(ReportFolder.FileIn(folder.In(report)));
        Assert.Contains($"\n{images} images of `", text, StringComparison.Ordinal);
        Assert.Contains("\n| 1 | ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_FileThatCannotBeRead_IsNamedOrSkipped()
    {
        using LabelledFolder folder = new();
        foreach (var label in _pair.Data.Labels)
            folder.Fill(label, 20);
        folder.Write("red/00.png", "no image");

        var error = await Assert.ThrowsAsync<CommandException>(() => InvokeAsync(folder, "--split", "all"));
        Assert.Equal(0, await InvokeAsync(folder, "--split", "all", "--skip-unreadable"));

        Assert.StartsWith($"'{folder.In("red/00.png")}' cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            " --skip-unreadable goes on without such files, data check lists them all.",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\n60 images of `",
            await File.ReadAllTextAsync(ReportFolder.FileIn(folder.In(".report"))),
            StringComparison.Ordinal
        );
    }

    /// <summary>Nothing is measured by the plans that the model has before it is found to lack one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_PlanThatTheModelLacks_IsRefusedAtTheStart(bool kept)
    {
        var scores = kept ? _pair.Beside("kept") : null;

        var error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            JsonAsync("both", [CropMode.Single, CropMode.Of(7)], scores: scores)
        );

        Assert.Equal("The model has no plan of 7 crops; it has 1, 10, 12, 144, auto.", error.Message);
        Assert.False(Directory.Exists(_pair.Beside("kept")));
    }

    [Fact]
    public async Task Run_AutoIsNotAskedFor_ItsCropsAreNotComputed()
    {
        using var printed = await JsonAsync("both", [CropMode.Crops10], scores: _pair.Beside("kept"));

        Assert.Equal(["10"], printed.RootElement.GetProperty("crops").EnumerateObject().Select(plan => plan.Name));
        Assert.All(Directory.GetFiles(_pair.Beside("kept")), file => Assert.EndsWith("-by-1-10.crops", file, StringComparison.Ordinal));
    }

    /// <summary>No model is measured before the last one is found to lack a plan.</summary>
    [Fact]
    public async Task Robustness_PlanThatAModelLacks_IsRefusedAtTheStart()
    {
        using LabelledFolder folder = new();
        foreach (var label in _pair.Data.Labels)
            folder.Fill(label, 20);
        var arguments = new[] { "--model", _pair.In("first", "1"), _pair.In("both", "1"), "--data", folder.Path, "--crops", "1,7" };

        var error = await Assert.ThrowsAsync<InvalidDataException>(() =>
            RobustnessCommand.Create().Parse(arguments).InvokeAsync(new() { EnableDefaultExceptionHandler = false })
        );

        Assert.StartsWith("The model has no plan of 7 crops; it has ", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What is not measured is not opened.</summary>
    [Fact]
    public async Task Invoke_FileOfAnotherPartThatCannotBeRead_DoesNotMatter()
    {
        using LabelledFolder folder = new();
        foreach (var label in _pair.Data.Labels)
            folder.Fill($"train/{label}", 2).Fill($"val/{label}", 2);
        folder.Write("train/red/bad.png", "no image");

        Assert.Equal(0, await InvokeAsync(folder));
    }

    private Task<int> InvokeAsync(LabelledFolder folder, params string[] arguments) =>
        EvaluateCommand
            .Create()
            .Parse(["--model", _pair.In("first", "1"), "--data", folder.Path, "--report", folder.In(".report"), .. arguments])
            .InvokeAsync(new System.CommandLine.InvocationConfiguration { EnableDefaultExceptionHandler = false });

    private async Task<JsonDocument> JsonAsync(
        string model,
        CropMode[] modes,
        bool tune = false,
        string? scores = null,
        string? plot = null
    )
    {
        EvaluationRun evaluation = new(_pair.In(model, "1"), _pair.Data, modes, threads: 1)
        {
            DataName = "formula",
            Scores = scores,
            Plot = plot,
        };
        return JsonDocument.Parse(await evaluation.RunAsync(tune, json: true, CancellationToken.None));
    }
}
