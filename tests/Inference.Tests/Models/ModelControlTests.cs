using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Saccade.Inference.Bundles;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>Loading, swapping and unloading while the engine serves.</summary>
public sealed class ModelControlTests : IDisposable
{
    private static readonly byte[] Red = TestModels.Image(200, 10, 10);
    private static readonly ControlResult Done = new(ControlOutcome.Done);

    private readonly TempModels _models = new();
    private readonly GatedLoads _loads = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Load_NewVersion_AnswersByDefaultAndTheOldOneStays()
    {
        await using var engine = await EngineHost.StartLoadedAsync(_models.Colors("colors").Settings);
        _models.Colors("colors", "2");

        Assert.Equal(Done, await engine.Control.LoadAsync("colors", version: null).Guarded());

        Assert.Equal(("2", "red"), await AnswerAsync(engine));
        Assert.Equal(("1", "red"), await AnswerAsync(engine, "1"));
        Assert.Equal(["1", "2"], engine.Catalog.List().Select(status => status.Version));
        Assert.Equal("2", engine.Catalog.List().Single(status => status.IsDefault).Version);
    }

    [Fact]
    public async Task Load_OneVersionServes_TheNewOneReplacesTheOldWhicheverIsHigher()
    {
        _models.Colors("colors", "1").Colors("colors", "2");
        await using var engine = await EngineHost.StartLoadedAsync(new(_models.Settings) { ["Models:Versions"] = "One" });

        Assert.Equal(("2", "red"), await AnswerAsync(engine));
        Assert.Equal([ModelState.Unloaded, ModelState.Ready], engine.Catalog.List().Select(status => status.State));
        Assert.Equal(ClassifyFailure.UnknownModel, await RefusalAsync(engine, "1"));

        Assert.Equal(Done, await engine.Control.LoadAsync("colors", "1").Guarded());
        Assert.Equal(("1", "red"), await AnswerAsync(engine));
        await TestTimeouts.UntilAsync(() => engine.Catalog.List()[1].State == ModelState.Unloaded);
    }

    [Fact]
    public async Task Load_OneVersionServesAndTheHighestIsBroken_TheNextOneIsServed()
    {
        _models.Colors("colors", "1").Colors("colors", "2").Colors("colors", "3", OtherFile);
        await using var engine = await EngineHost.StartLoadedAsync(new(_models.Settings) { ["Models:Versions"] = "One" });
        Assert.Equal([ModelState.Unloaded, ModelState.Ready, ModelState.Failed], engine.Catalog.List().Select(status => status.State));
    }

    [Fact]
    public async Task Load_OldVersionIsBusy_NewRequestsAreAnsweredByTheNewOneAndTheOldOnesByTheOld()
    {
        await using var engine = await _loads.StartAsync(_models.Colors("colors"));
        var old = _loads[0];
        old.Hold();
        var accepted = Enumerable
            .Range(0, 8)
            .Select(i => engine.ClassifyAsync(Red, i % 4 == 0 ? CropMode.Crops10 : CropMode.Single))
            .ToArray();
        await old.NextRunAsync();

        _models.Colors("colors", "1", French);
        Assert.Equal(Done, await engine.Control.LoadAsync("colors", "1").Guarded());
        Assert.Equal(("1", "rouge"), await AnswerAsync(engine));
        Assert.False(old.Disposed);

        old.Open();
        Assert.All(
            await Task.WhenAll(accepted).Guarded(),
            outcome => Assert.Equal("red", Assert.IsType<ClassifyAnswer>(outcome).Predictions[0].Label)
        );
        await TestTimeouts.UntilAsync(() => old.Disposed);
        Assert.Equal((1, 0), (old.Disposals, _loads[1].Disposals));
        Assert.Contains(engine.Logs.Entries, entry => entry.Id.Id == 140);
    }

    [Fact]
    public async Task Load_WhileTheNewVersionWarmsUp_TheOldOneAnswersAndTheEngineIsReady()
    {
        await using var engine = await _loads.StartAsync(_models.Colors("colors"));
        _loads.Opening = (session, _) => session.Hold();
        _models.Colors("colors", "1", French);

        var loading = engine.Control.LoadAsync("colors", "1");
        await TestTimeouts.UntilAsync(() => _loads.Count == 2);
        await _loads[1].NextRunAsync();

        Assert.Equal(("1", "red"), await AnswerAsync(engine));
        Assert.True(engine.Catalog.IsReady);
        Assert.Equal(ModelState.Ready, engine.Catalog.List()[0].State);
        Assert.False(loading.IsCompleted);

        _loads[1].Open();
        Assert.Equal(Done, await loading.Guarded());
        Assert.Equal(("1", "rouge"), await AnswerAsync(engine));
    }

    [Theory]
    [InlineData("sha256", "SHA-256")]
    [InlineData("labels", "2 labels")]
    [InlineData("manifest", "manifest.json cannot be read")]
    [InlineData("graph", "SHA-256")]
    [InlineData("graph without manifest", "cannot load")]
    [InlineData("nothing", "no model.onnx")]
    public async Task Load_Broken_RefusedWithTheReasonAndTheOldOneServesUntilARepair(string broken, string reason)
    {
        await using var engine = await EngineHost.StartLoadedAsync(_models.Colors("colors").Settings);
        Break(broken);

        var result = await engine.Control.LoadAsync("colors", "1").Guarded();

        Assert.Equal(ControlOutcome.Refused, result.Outcome);
        Assert.Contains(reason, result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(_models.Path, result.Detail, StringComparison.Ordinal);
        var status = Assert.Single(engine.Catalog.List());
        Assert.Equal((ModelState.Ready, result.Detail), (status.State, status.Error));
        Assert.True(engine.Catalog.IsReady);
        Assert.Equal(("1", "red"), await AnswerAsync(engine));
        Assert.Contains(engine.Logs.Entries, entry => entry.Id.Id == 141);

        _models.Colors("colors", "1", French);
        Assert.Equal(Done, await engine.Control.LoadAsync("colors", "1").Guarded());
        Assert.Null(engine.Catalog.List()[0].Error);
        Assert.Equal(("1", "rouge"), await AnswerAsync(engine));
    }

    [Fact]
    public async Task Load_NewVersionDoesNotRun_RefusedAndFreedAndTheOldOneServes()
    {
        await using var engine = await _loads.StartAsync(_models.Colors("colors"));
        _loads.Opening = (session, _) => session.Fault = (_, _) => throw new InvalidOperationException("illegal instruction");
        _models.Colors("colors", "2");

        var result = await engine.Control.LoadAsync("colors", version: null).Guarded();

        Assert.Equal(ControlOutcome.Refused, result.Outcome);
        Assert.Equal([ModelState.Ready, ModelState.Failed], engine.Catalog.List().Select(status => status.State));
        Assert.Equal("1", engine.Catalog.List().Single(status => status.IsDefault).Version);
        Assert.Equal((0, 1), (_loads[0].Disposals, _loads[1].Disposals));
        Assert.Equal("1", (await AnswerAsync(engine)).Version);
        Assert.Equal(ClassifyFailure.ModelBroken, await RefusalAsync(engine, "2"));
    }

    [Fact]
    public async Task Load_FilesChangeBetweenCheckAndUse_Refused()
    {
        await using var engine = await _loads.StartAsync(_models.Colors("colors"));
        _loads.Opening = (_, _) => _models.Write("colors", "2", "model.onnx", "other bytes");
        _models.Colors("colors", "2");

        var result = await engine.Control.LoadAsync("colors", "2").Guarded();

        Assert.Equal(ControlOutcome.Refused, result.Outcome);
        Assert.Contains("were changed", result.Detail, StringComparison.Ordinal);
        Assert.Equal(1, _loads[1].Disposals);
    }

    [Theory]
    [InlineData("nobody", null)]
    [InlineData("colors", "2")]
    [InlineData("colors", "01")]
    [InlineData("colors", "latest")]
    [InlineData("../models/colors", "1")]
    [InlineData("", null)]
    public async Task LoadAndUnload_NoSuchVersion_UnknownAndNothingChanges(string name, string? version)
    {
        await using var engine = await EngineHost.StartLoadedAsync(_models.Colors("colors").Settings);

        Assert.Equal(ControlOutcome.UnknownModel, (await engine.Control.LoadAsync(name, version).Guarded()).Outcome);
        Assert.Equal(ControlOutcome.UnknownModel, (await engine.Control.UnloadAsync(name, version).Guarded()).Outcome);
        Assert.Equal(ModelState.Ready, Assert.Single(engine.Catalog.List()).State);
    }

    [Fact]
    public async Task Unload_RequestsUnderWay_AreAnsweredFirstThenEverythingIsFreed()
    {
        await using var engine = await _loads.StartAsync(_models.Colors("colors").Colors("other"));
        var session = _loads[0];
        session.Hold();
        var accepted = Enumerable.Range(0, 5).Select(_ => engine.ClassifyAsync(Red, model: "colors")).ToArray();
        await session.NextRunAsync();

        var unloading = engine.Control.UnloadAsync("colors", "1");
        await TestTimeouts.UntilAsync(() => engine.Catalog.List()[0].State == ModelState.Draining);
        Assert.Equal(ClassifyFailure.UnknownModel, await RefusalAsync(engine, "1"));
        Assert.False(unloading.IsCompleted);

        session.Open();
        Assert.Equal(Done, await unloading.Guarded());
        Assert.Equal(1, session.Disposals);
        Assert.All(await Task.WhenAll(accepted).Guarded(), outcome => Assert.IsType<ClassifyAnswer>(outcome));
        Assert.Equal((ModelState.Unloaded, null), (engine.Catalog.List()[0].State, engine.Catalog.List()[0].Error));
        Assert.Equal("other", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red, model: "other")).Model);
        Assert.Equal(ClassifyFailure.NotReady, Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Red)).Failure);
        Assert.Equal("The default model 'colors' is not served.", engine.Catalog.NotReadyReason);

        Assert.Equal(Done, await engine.Control.LoadAsync("colors", "1").Guarded());
        Assert.Equal("1", (await AnswerAsync(engine)).Version);
    }

    [Fact]
    public async Task Unload_EveryVersion_ModelIsUnknownAndTheEngineNotReady()
    {
        await using var engine = await EngineHost.StartLoadedAsync(_models.Colors("colors").Colors("colors", "2").Settings);

        Assert.Equal(Done, await engine.Control.UnloadAsync("colors", version: null).Guarded());

        Assert.Equal([ModelState.Unloaded, ModelState.Unloaded], engine.Catalog.List().Select(status => status.State));
        Assert.False(engine.Catalog.IsReady);
        Assert.Equal(ClassifyFailure.UnknownModel, await RefusalAsync(engine, version: null));
        Assert.Equal(ClassifyFailure.NotReady, Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Red)).Failure);
    }

    [Fact]
    public async Task Stop_WhileALoadIsUnderWay_EverySessionIsFreedOnce()
    {
        await using var engine = await _loads.StartAsync(_models.Colors("colors"));
        _loads.Opening = (session, _) => session.Hold();
        var loading = engine.Control.LoadAsync("colors", "1");
        await TestTimeouts.UntilAsync(() => _loads.Count == 2);
        await _loads[1].NextRunAsync();

        var stops = new[] { engine.StopAsync(), engine.StopAsync() };
        _loads[1].Open();

        await Task.WhenAll(stops).Guarded();
        await loading.Guarded();
        await TestTimeouts.UntilAsync(() => _loads[0].Disposed && _loads[1].Disposed);
        Assert.Equal((1, 1), (_loads[0].Disposals, _loads[1].Disposals));
        Assert.Equal(ControlOutcome.ShuttingDown, (await engine.Control.LoadAsync("colors", "1").Guarded()).Outcome);
        Assert.Equal(ControlOutcome.ShuttingDown, (await engine.Control.UnloadAsync("colors", "1").Guarded()).Outcome);
    }

    [Fact]
    public async Task Stop_HostHasNoPatienceForALoad_ItsSessionIsFreedWhenItIsDone()
    {
        await using var engine = await _loads.StartAsync(_models.Colors("colors"));
        _loads.Opening = (session, _) => session.Hold();
        var loading = engine.Control.LoadAsync("colors", "1");
        await TestTimeouts.UntilAsync(() => _loads.Count == 2);
        await _loads[1].NextRunAsync();

        foreach (var service in engine.Services.GetServices<IHostedService>())
            await service.StopAsync(new(canceled: true)).Guarded();
        Assert.Equal((1, 0), (_loads[0].Disposals, _loads[1].Disposals));

        _loads[1].Open();
        Assert.Equal(ControlOutcome.ShuttingDown, (await loading.Guarded()).Outcome);
        Assert.Equal((1, 1), (_loads[0].Disposals, _loads[1].Disposals));
    }

    [Fact]
    public async Task Stop_WhileAnOldVersionDrains_ItHasTheHostsTimeAndIsFreedOnce()
    {
        await using var engine = await _loads.StartAsync(_models.Colors("colors"), new() { ["Execution:DrainTimeout"] = "00:00:00" });
        _loads[0].Hold();
        var accepted = engine.ClassifyAsync(Red);
        await _loads[0].NextRunAsync();
        var unloading = engine.Control.UnloadAsync("colors", version: null);
        await TestTimeouts.UntilAsync(() => engine.Catalog.List()[0].State == ModelState.Draining);

        await Task.WhenAll(engine.StopAsync(), engine.StopAsync()).Guarded();

        Assert.Equal(Done, await unloading.Guarded());
        Assert.Equal(ClassifyFailure.ShuttingDown, Assert.IsType<ClassifyRefusal>(await accepted).Failure);
        Assert.Equal(1, _loads[0].Disposals);
    }

    [Fact]
    public async Task Session_ReplacedAfterTheFilesChanged_RefusesFilesThatNobodyChecked()
    {
        await using var engine = await _loads.StartAsync(_models.Colors("colors"));
        _models.Colors("colors", "1", French);
        _loads[0].Fault = (_, _) => throw new InvalidOperationException("device lost");

        Assert.Equal(ClassifyFailure.ModelFailed, await RefusalAsync(engine, "1"));

        await TestTimeouts.UntilAsync(() => engine.Logs.Entries.Any(entry => entry.Id.Id == 113));
        Assert.Contains("were changed", engine.Logs.Entries.Single(entry => entry.Id.Id == 113).Message, StringComparison.Ordinal);
        Assert.Equal((1, ModelState.Failed), (_loads.Count, engine.Catalog.List()[0].State));
        Assert.Equal(Done, await engine.Control.LoadAsync("colors", "1").Guarded());
        Assert.Equal(("1", "rouge"), await AnswerAsync(engine));
    }

    private static string French(string manifest) => manifest.Replace("\"red\"", "\"rouge\"", StringComparison.Ordinal);

    private static string OtherFile(string manifest) => manifest.Replace("1c241baa", "00000000", StringComparison.Ordinal);

    private void Break(string what) =>
        _ = what switch
        {
            "sha256" => _models.Colors("colors", "1", OtherFile),
            "labels" => _models.Colors("colors", "1", text => text.Replace("\"red\",", "", StringComparison.Ordinal)),
            "manifest" => _models.Write("colors", "1", "manifest.json", "{ \"format\": 1,"),
            "graph" => _models.Write("colors", "1", "model.onnx", "half of a file"),
            "graph without manifest" => Without("manifest.json").Write("colors", "1", "model.onnx", "half of a file"),
            _ => Without("model.onnx"),
        };

    private TempModels Without(string file)
    {
        File.Delete(Path.Combine(_models.Path, "colors", "1", file));
        return _models;
    }

    private static async Task<(string Version, string Label)> AnswerAsync(EngineHost engine, string? version = null)
    {
        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red, model: "colors", version: version));
        return (answer.Version, answer.Predictions[0].Label);
    }

    private static async Task<ClassifyFailure> RefusalAsync(EngineHost engine, string? version) =>
        Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Red, model: "colors", version: version)).Failure;
}
