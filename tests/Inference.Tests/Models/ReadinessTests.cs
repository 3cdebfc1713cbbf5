using System.Text.RegularExpressions;
using Saccade.Inference.Bundles;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>What keeps a service from being ready, and who answers when nobody is named.</summary>
public sealed class ReadinessTests : IDisposable
{
    private static readonly byte[] Red = TestModels.Image(200, 10, 10);

    private readonly TempModels _models = new TempModels().Colors("sound");

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData("graph", "cannot load")]
    [InlineData("manifest", "manifest.json cannot be read")]
    [InlineData("sha256", "SHA-256")]
    [InlineData("other name", "the folder holds resnet.onnx")]
    [InlineData("nothing", "There is no model.onnx.")]
    [InlineData("ensemble", "There is no model 'nobody'.")]
    [InlineData("ensemble of ensembles", "Member 'zz-broken' is the ensemble itself.")]
    [InlineData("pipe", "model.onnx is a named pipe")]
    [InlineData("socket", "model.onnx is a socket")]
    [InlineData("device", "model.onnx is a device")]
    [InlineData("folder", "model.onnx is a folder")]
    [InlineData("link", "model.onnx is a link to nothing")]
    [InlineData("loop", "model.onnx is a link to nothing")]
    [InlineData("empty", "model.onnx is empty")]
    [InlineData("pipe as manifest", "manifest.json is a named pipe")]
    [InlineData("pipe beside", "weights.bin is a named pipe")]
    public async Task Start_OneVersionCannotBeServed_NotReadyWithTheReasonAndOneLineUntilItIsMended(string broken, string reason)
    {
        Break(broken);
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);

        var said = engine.Catalog.NotReadyReason ?? "ready";
        Assert.StartsWith("Model 'zz-broken/1' is not served: ", said, StringComparison.Ordinal);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.DoesNotContain(_models.Path, said, StringComparison.Ordinal);
        // It is written by the start itself, which goes on after the models are loaded.
        await TestTimeouts.UntilAsync(() => engine.Logs.Entries.Any(entry => entry.Id.Id == 145));
        Assert.Contains(said, Assert.Single(engine.Logs.Entries, entry => entry.Id.Id == 145).Message, StringComparison.Ordinal);
        // Those that were asked for by name are answered all the same, and asking again for this one is pointless.
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red, model: "sound"));
        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Red, model: "zz-broken"));
        Assert.Equal((ClassifyFailure.ModelBroken, null), (refusal.Failure, refusal.RetryAfter));

        _models.Remove("zz-broken");
        _models.Colors("zz-broken");
        Assert.Equal(ControlOutcome.Done, (await engine.Control.LoadAsync("zz-broken", version: null).Guarded()).Outcome);
        Assert.Null(engine.Catalog.NotReadyReason);
    }

    [Fact]
    public async Task Start_SeveralVersionsCannotBeServed_TheReasonCountsThem()
    {
        Break("graph");
        _models.Write("zz-broken", "2", "model.onnx", "no network").Write("zz-broken", "3", "readme.txt", "x");
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);

        Assert.EndsWith(" Nor are 2 more versions.", engine.Catalog.NotReadyReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NotStrict_ReadyWithTheDefaultModel()
    {
        Break("graph");
        await using var engine = await EngineHost.StartLoadedAsync(new(_models.Settings) { ["Models:Strict"] = "false" });

        Assert.Null(engine.Catalog.NotReadyReason);
        Assert.DoesNotContain(engine.Logs.Entries, entry => entry.Id.Id == 145);
    }

    [Fact]
    public async Task Unload_VersionThatFailedAtTheStart_IsNotWaitedForAnyMore()
    {
        Break("graph");
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);
        Assert.False(engine.Catalog.IsReady);

        await engine.Control.UnloadAsync("zz-broken", version: null).Guarded();

        Assert.Null(engine.Catalog.NotReadyReason);
    }

    [Fact]
    public async Task Load_VersionThatComesLaterFails_StaysReady()
    {
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);
        Break("graph");

        Assert.Equal(ControlOutcome.Refused, (await engine.Control.LoadAsync("zz-broken", version: null).Guarded()).Outcome);

        Assert.Null(engine.Catalog.NotReadyReason);
    }

    [Fact]
    public async Task ClassifyAsync_DefaultModelIsBroken_NobodyAnswersInItsPlace()
    {
        _models.Write("another", "1", "model.onnx", "no network");
        await using var engine = await EngineHost.StartLoadedAsync(new(_models.Settings) { ["Models:Strict"] = "false" });

        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Red));
        Assert.Equal(ClassifyFailure.ModelBroken, refusal.Failure);
        Assert.StartsWith("Model 'another/1' is not served: ", refusal.Detail, StringComparison.Ordinal);
        Assert.StartsWith("The default model 'another' is not served: ", engine.Catalog.NotReadyReason, StringComparison.Ordinal);
        Assert.Contains("another", Assert.Single(engine.Logs.Entries, entry => entry.Id.Id == 146).Message, StringComparison.Ordinal);

        _models.Colors("another");
        await engine.Control.LoadAsync("another", version: null).Guarded();
        Assert.Equal("another", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red)).Model);
    }

    [Fact]
    public async Task ClassifyAsync_ModelsComeAndGo_TheDefaultModelStays()
    {
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);
        _models.Colors("another");
        await engine.Control.LoadAsync("another", version: null).Guarded();
        Assert.Equal("sound", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red)).Model);

        await engine.Control.UnloadAsync("sound", version: null).Guarded();

        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Red));
        Assert.Equal((ClassifyFailure.NotReady, "The default model 'sound' is not loaded."), (refusal.Failure, refusal.Detail));
    }

    [Fact]
    public async Task Load_FirstModelOfAnEmptyFolder_IsTheDefault()
    {
        _models.Remove("sound");
        Directory.Delete(Path.Combine(_models.Path, "sound"));
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);
        Assert.Equal("No model was found.", engine.Catalog.NotReadyReason);

        _models.Colors("late").Colors("earlier");
        await engine.Control.LoadAsync("late", version: null).Guarded();
        await engine.Control.LoadAsync("earlier", version: null).Guarded();

        Assert.Null(engine.Catalog.NotReadyReason);
        Assert.Equal("late", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red)).Model);
    }

    [Theory]
    [InlineData("sound")]
    [InlineData("broken")]
    [InlineData("unloaded")]
    [InlineData("nothing")]
    public async Task ClassifyAsync_VersionThatIsNotThere_IsUnknownWhateverTheDefaultModelDoes(string @default)
    {
        if (@default == "broken")
            _models.Write("sound", "1", "model.onnx", "no network");
        if (@default == "nothing")
            Directory.Delete(Path.Combine(_models.Path, "sound"), recursive: true);
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);
        if (@default == "unloaded")
            await engine.Control.UnloadAsync("sound", version: null).Guarded();

        foreach (var version in new[] { "99", "01", "+1", " 1", "1\0", "", "-1", "latest", "9223372036854775808" })
        {
            foreach (var model in new[] { null, "sound" })
            {
                var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Red, model: model, version: version));
                Assert.Equal((ClassifyFailure.UnknownModel, null), (refusal.Failure, refusal.RetryAfter));
            }
        }
    }

    [Fact]
    public async Task ClassifyAsync_VersionOfALongNumber_Answers()
    {
        _models.Colors("sound", "20240101120000").Colors("sound", "20231231235959");
        _models.Ensemble("both", """{"members":[{"model":"sound","version":20231231235959}]}""");
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);

        Assert.Equal("20240101120000", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red, model: "sound")).Version);
        var older = await engine.ClassifyAsync(Red, model: "sound", version: "20231231235959");
        Assert.Equal("20231231235959", Assert.IsType<ClassifyAnswer>(older).Version);
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red, model: "both"));
    }

    [Fact]
    public async Task Start_ThingsThatAreNotServed_AreToldOnceAndKeepNothingFromBeingReady()
    {
        _models.Write("misplaced", ".", "model.onnx", "x").Write("sound", "v2", "model.onnx", "x");
        File.WriteAllText(Path.Combine(_models.Path, "loose.onnx"), "x");
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);

        var told = engine.Logs.Entries.Where(entry => entry.Id.Id == 105).Select(entry => entry.Message.Split(' ')[0]);
        Assert.Equal(["loose.onnx", "misplaced/model.onnx", "sound/v2"], told.Order(StringComparer.Ordinal));
        Assert.Null(engine.Catalog.NotReadyReason);
    }

    private void Break(string how)
    {
        const string Name = "zz-broken";
        if (how is "ensemble" or "ensemble of ensembles")
        {
            _models.Ensemble(Name, $$"""{"members":[{"model":"{{(how == "ensemble" ? "nobody" : Name)}}"}]}""");
            return;
        }

        _models.Colors(Name);
        var network = Path.Combine(_models.Path, Name, "1", BundleFiles.ModelFile);
        var manifest = Path.Combine(_models.Path, Name, "1", ManifestJson.FileName);
        switch (how)
        {
            case "graph":
                File.Delete(manifest);
                File.WriteAllText(network, "no network");
                break;
            case "manifest":
                File.WriteAllText(manifest, "{");
                break;
            case "sha256":
                var wrong = Regex.Replace(
                    File.ReadAllText(manifest),
                    "\"[0-9a-f]{64}\"",
                    $"\"{new string('a', 64)}\"",
                    default,
                    TestTimeouts.Guard
                );
                File.WriteAllText(manifest, wrong);
                break;
            case "other name":
                File.Move(network, Path.Combine(_models.Path, Name, "1", "resnet.onnx"));
                break;
            case "nothing":
                File.Delete(network);
                break;
            case "pipe beside":
                OddFiles.Make("pipe", Path.Combine(_models.Path, Name, "1", "weights.bin"));
                break;
            case "pipe as manifest":
                OddFiles.Make("pipe", manifest);
                break;
            default:
                File.Delete(manifest);
                OddFiles.Make(how, network);
                break;
        }
    }
}
