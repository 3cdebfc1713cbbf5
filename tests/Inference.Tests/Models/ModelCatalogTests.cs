using System.Text.RegularExpressions;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

public sealed class ModelCatalogTests
{
    [Fact]
    public async Task Load_SoundBundle_ReadyWithItsManifestAndLimits()
    {
        using var models = new TempModels().Colors("colors");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        Assert.True(engine.Catalog.IsReady, engine.Catalog.NotReadyReason);
        Assert.Equal(
            ("colors", "1", true, true, ModelState.Ready, null),
            (status.Name, status.Version, status.IsDefault, status.IsDefaultModel, status.State, status.Error)
        );
        Assert.Equal(["red", "green", "blue"], status.Manifest!.Labels);
        Assert.Equal((0, "CPU"), (status.Assumed.Count, status.Device));
        Assert.Equal(new SessionCounts(Environment.ProcessorCount, 0, Environment.ProcessorCount), status.Sessions);
        Assert.Equal(32, status.BatchLimits!.Maximum);
        Assert.InRange(status.BatchLimits.Preferred, 1, 32);
        Assert.Contains(engine.Logs.Entries, entry => entry.Id.Id == 101 && entry.Message.Contains("colors/1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Load_BrokenBundlesAmongSoundOnes_RefusedWithTheReasonWhileOthersServe()
    {
        using var models = new TempModels()
            .Colors("sound")
            .Write("corrupt", "1", "model.onnx", "this is no network")
            .Write("empty", "1", "notes.txt", "nothing here")
            .Write("unreadable", "1", "manifest.json", "{ \"format\": ")
            .Write("unreadable", "1", "model.onnx", "never looked at")
            .Colors(
                "other-file",
                manifest: text => Regex.Replace(text, "\"[0-9a-f]{64}\"", $"\"{new string('a', 64)}\"", default, TestTimeouts.Guard)
            )
            .Colors("few-labels", manifest: text => text.Replace("\"red\",", "", StringComparison.Ordinal))
            .Colors("other-input", manifest: text => text.Replace("\"name\": \"input\"", "\"name\": \"pixels\"", StringComparison.Ordinal))
            .Colors("other-size", manifest: text => text.Replace("\"height\": 8", "\"height\": 7", StringComparison.Ordinal))
            .Colors("other-type", manifest: text => text.Replace("float32", "uint8", StringComparison.Ordinal))
            .Colors("other-output", manifest: text => text.Replace("\"logits\"", "\"scores\"", StringComparison.Ordinal))
            .Graph("two-inputs", "two-inputs")
            .Graph("two-outputs", "two-outputs")
            .Graph("one-output", "one-output")
            .Graph("one-output-map", "one-output-map")
            .Graph("one-number", "one-number")
            .Graph("one-label", "one-output")
            .Write("one-label", "1", "manifest.json", OneLabel);
        await using var engine = await EngineHost.StartLoadedAsync(
            new(models.Settings) { ["Models:Strict"] = "false", ["Models:Default"] = "sound" }
        );

        var reasons = engine.Catalog.List().ToDictionary(status => status.Name, status => (status.State, status.Error));
        Assert.Equal((ModelState.Ready, null), reasons["sound"]);
        AssertRefused("corrupt", "cannot load");
        AssertRefused("empty", "no model.onnx");
        AssertRefused("unreadable", "manifest.json cannot be read");
        AssertRefused("other-file", "SHA-256");
        AssertRefused("few-labels", "2 labels");
        AssertRefused("other-input", "'pixels'");
        AssertRefused("other-size", "[3, 7, 8]");
        AssertRefused("other-type", "UInt8");
        AssertRefused("other-output", "'scores'");
        AssertRefused("two-inputs", "has 2");
        AssertRefused("two-outputs", "'features', 'logits'");
        AssertRefused("one-output", "one number for one crop");
        AssertRefused("one-output-map", "one number for one crop");
        AssertRefused("one-number", "does not say how many classes");
        AssertRefused("one-label", "one number for one crop");
        Assert.True(engine.Catalog.IsReady);
        Assert.Equal(15, engine.Logs.Entries.Count(entry => entry.Id.Id == 102));

        void AssertRefused(string model, string reason)
        {
            Assert.Equal(ModelState.Failed, reasons[model].State);
            Assert.Contains(reason, reasons[model].Error, StringComparison.Ordinal);
            Assert.DoesNotContain(models.Path, reasons[model].Error, StringComparison.Ordinal);
        }
    }

    private const string OneLabel = """
        {
          "format": 1,
          "architecture": { "name": "detector", "width": 1, "parameters": 0, "macs": 0 },
          "input": { "name": "input", "type": "float32", "layout": "NCHW", "height": 8, "width": 8 },
          "output": "probability",
          "preprocessing": {
            "resizeShorterSide": 8, "multiCropShorterSide": 12, "interpolation": "bilinear", "channelOrder": "RGB",
            "scale": 1, "mean": [0, 0, 0], "std": [1, 1, 1]
          },
          "labels": ["boot"]
        }
        """;

    [Theory]
    [InlineData("plain", InputLayout.Nchw, InputType.Float32, 8, null)]
    [InlineData("any-size", InputLayout.Nchw, InputType.Float32, 224, null)]
    [InlineData("batch-of-one", InputLayout.Nchw, InputType.Float32, 8, 1)]
    [InlineData("batch-of-four", InputLayout.Nchw, InputType.Float32, 8, 4)]
    [InlineData("uint8-rows", InputLayout.Nhwc, InputType.UInt8, 8, null)]
    public async Task Load_NoManifest_ServedWithWhatTheGraphTellsAndSaidAloud(
        string graph,
        InputLayout layout,
        InputType type,
        int side,
        int? batch
    )
    {
        using var models = new TempModels().Graph("stranger", graph);
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal((ModelState.Ready, null), (status.State, status.Error));
        Assert.Equal(19, status.Assumed.Count);
        var input = status.Manifest!.Input;
        Assert.Equal((layout, type, side, side), (input.Layout, input.Type, input.Height, input.Width));
        Assert.Equal(["class 0", "class 1", "class 2"], status.Manifest.Labels);
        Assert.Equal([0.485f, 0.456f, 0.406f], status.Manifest.Preprocessing.Mean);
        if (batch is not null)
            Assert.Equal(new BatchLimits(batch.Value, batch.Value), status.BatchLimits);
        Assert.Contains(engine.Logs.Entries, entry => entry.Id.Id == 103);

        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(20, 20, 220)));
        Assert.Equal("class 2", answer.Predictions[0].Label);
    }

    [Fact]
    public async Task Load_NoManifestAndASoftmaxAtTheEnd_ProbabilitiesArePassedOn()
    {
        using var models = new TempModels().Graph("stranger", "probabilities");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(255, 0, 0)));

        // The network's own softmax of the three normalised channels, not a softmax of that.
        double[] logits = [(1 - 0.485) / 0.229, -0.456 / 0.224, -0.406 / 0.225];
        var expected = Math.Exp(logits[0]) / logits.Sum(Math.Exp);
        Assert.Equal(expected, answer.Predictions[0].Probability, 1e-4);
        Assert.Contains(
            engine.Logs.Entries,
            entry => entry.Id.Id == 103 && entry.Message.Contains("holds probabilities", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Find_SeveralVersions_TheHighestThatWorksIsTheDefault()
    {
        using var models = new TempModels()
            .Colors("many", "2")
            .Colors("many", "10")
            .Colors("many", "9")
            .Write("many", "11", "model.onnx", "broken")
            .Write("many", "latest", "model.onnx", "passed over")
            .Write("many", "012", "model.onnx", "passed over");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Equal(["2", "9", "10", "11"], engine.Catalog.List().Select(status => status.Version));
        Assert.Equal("10", Assert.Single(engine.Catalog.List(), status => status.IsDefault).Version);
        Assert.Equal(2, engine.Logs.Entries.Count(entry => entry.Id.Id == 105));
        Assert.Equal("10", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(9, 9, 99))).Version);
        Assert.Equal("2", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(9, 9, 99), version: "2")).Version);
        Assert.Equal(
            ClassifyFailure.ModelBroken,
            Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(TestModels.Image(9, 9, 99), version: "11")).Failure
        );
        foreach (var version in new[] { "3", "02", "latest", "-2", "" })
        {
            Assert.Equal(
                ClassifyFailure.UnknownModel,
                Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync([], model: "many", version: version)).Failure
            );
        }
    }

    [Theory]
    [InlineData(null, "alpha")]
    [InlineData("", "alpha")]
    [InlineData("beta", "beta")]
    public async Task Find_NoModelNamed_TheConfiguredOrTheFirstByName(string? configured, string expected)
    {
        using var models = new TempModels().Colors("beta").Colors("alpha");
        var settings = models.Settings;
        settings["Models:Default"] = configured;
        await using var engine = await EngineHost.StartLoadedAsync(settings);

        Assert.Equal(expected, Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(TestModels.Image(1, 2, 3))).Model);
        Assert.Equal(expected, Assert.Single(engine.Catalog.List(), status => status.IsDefaultModel).Name);
    }

    [Fact]
    public async Task NotReadyReason_DefaultModelMissingOrBroken_SaysSo()
    {
        using var models = new TempModels().Colors("alpha").Write("broken", "1", "model.onnx", "x");
        foreach (var wanted in new[] { "absent", "broken" })
        {
            var settings = models.Settings;
            settings["Models:Default"] = wanted;
            settings["Models:Strict"] = "false";
            await using var engine = await EngineHost.StartLoadedAsync(settings);

            Assert.False(engine.Catalog.IsReady);
            Assert.StartsWith(
                $"The default model '{wanted}' is not {(wanted == "absent" ? "there" : "served")}",
                engine.Catalog.NotReadyReason,
                StringComparison.Ordinal
            );
            Assert.Equal(
                wanted == "absent" ? ClassifyFailure.NotReady : ClassifyFailure.ModelBroken,
                Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(TestModels.Image(1, 2, 3))).Failure
            );
        }
    }

    [Fact]
    public async Task NotReadyReason_NoModels_SaysSoAndNamesTheSettingInTheLog()
    {
        using var models = new TempModels();
        var settings = models.Settings;
        settings["Models:Path"] = Path.Combine(models.Path, "nowhere");
        await using var engine = await EngineHost.StartLoadedAsync(settings);

        Assert.Equal("No model was found.", engine.Catalog.NotReadyReason);
        Assert.Contains(engine.Logs.Entries, entry => entry.Message.Contains("Models:Path", StringComparison.Ordinal));
    }
}
