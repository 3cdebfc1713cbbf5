using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>Loads that take too long or fail for a reason that may pass. Time stands still but for the test.</summary>
public sealed class LoadTimeoutTests : IDisposable
{
    private static readonly byte[] Red = TestModels.Image(200, 10, 10);
    private static readonly ModelsOptions Defaults = new();

    private readonly TempModels _models = new TempModels().Colors("first").Colors("second");
    private readonly GatedLoads _loads = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ManualResetEventSlim _hang = new();

    public void Dispose()
    {
        _hang.Dispose();
        _models.Dispose();
    }

    [Fact]
    public async Task Start_OneLoadHangs_OthersAreLoadedItIsGivenUpAndTriedAgain()
    {
        HangFirst();
        await using var engine = await StartAsync();
        await FirstHangsAsync();
        Assert.Equal(ModelState.Loading, engine.Catalog.List()[1].State);

        _time.Advance(VersionLoads.Patience);
        await TestTimeouts.UntilAsync(() => engine.Catalog.List()[1].State == ModelState.Ready);
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red, model: "second"));
        Assert.Equal("Models are loading.", engine.Catalog.NotReadyReason);
        Assert.Contains("first/1", Assert.Single(engine.Logs.Entries, entry => entry.Id.Id == 149).Message, StringComparison.Ordinal);

        _time.Advance(Defaults.LoadTimeout - VersionLoads.Patience);
        await engine.Catalog.Loaded.Guarded();
        const string Reason = "Model 'first/1' is not served: It could not be loaded in the time allowed.";
        Assert.Equal(Reason, engine.Catalog.NotReadyReason);
        Assert.Single(engine.Logs.Entries, entry => entry.Id.Id == 151);
        // It may pass: unlike a broken bundle.
        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Red, model: "first"));
        Assert.Equal((ClassifyFailure.NotReady, Reason), (refusal.Failure, refusal.Detail));

        // As long as its thread hangs it would be no use.
        await AdvanceToNextLookAsync();
        Assert.Equal(2, _loads.Count);
        Assert.Equal(
            "An earlier attempt to load it has not come to its end.",
            (await engine.Control.LoadAsync("first", version: null).Guarded()).Detail
        );

        _hang.Set();
        await TestTimeouts.UntilAsync(() => _loads[0].Disposals == 1);
        await AdvanceToNextLookAsync(ends: true);
        await TestTimeouts.UntilAsync(() => engine.Catalog.IsReady);
        Assert.Equal(3, _loads.Count);
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red));
    }

    [Fact]
    public async Task Load_TakesLongButEnds_IsServed()
    {
        HangFirst();
        await using var engine = await StartAsync();
        await FirstHangsAsync();
        _time.Advance(VersionLoads.Patience);
        await TestTimeouts.UntilAsync(() => engine.Catalog.List()[1].State == ModelState.Ready);

        _hang.Set();
        await engine.Catalog.Loaded.Guarded();

        Assert.Null(engine.Catalog.NotReadyReason);
        Assert.Equal((2, 0), (_loads.Count, _loads[0].Disposals));
    }

    [Fact]
    public async Task Unload_WhileALoadHangs_TakesEffectAtOnceAndTheLoadComesToNothing()
    {
        HangFirst();
        await using var engine = await StartAsync();
        await FirstHangsAsync();
        _time.Advance(VersionLoads.Patience);
        await TestTimeouts.UntilAsync(() => engine.Catalog.List()[1].State == ModelState.Ready);

        Assert.Equal(ControlOutcome.Done, (await engine.Control.UnloadAsync("first", version: null).Guarded()).Outcome);
        _hang.Set();
        await engine.Catalog.Loaded.Guarded();

        Assert.Equal(ModelState.Unloaded, engine.Catalog.List()[0].State);
        await TestTimeouts.UntilAsync(() => _loads[0].Disposals == 1);
    }

    [Fact]
    public async Task Start_FileCannotBeRead_TriedAgainLessAndLessOftenUntilItCan()
    {
        _models.Remove("second");
        Directory.Delete(Path.Combine(_models.Path, "second"));
        _loads.Opening = (_, load) =>
        {
            if (load < 3)
                throw new IOException("stale file handle");
        };
        await using var engine = await StartAsync();
        await engine.Catalog.Loaded.Guarded();
        Assert.Equal("Model 'first/1' is not served: Its files cannot be read or copied; the log says why.", engine.Catalog.NotReadyReason);
        Assert.Equal(ClassifyFailure.NotReady, Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Red)).Failure);

        var looks = new List<int>();
        for (var look = 1; !engine.Catalog.IsReady; look++)
        {
            Assert.InRange(look, 1, 20);
            var before = _loads.Count;
            await AdvanceToNextLookAsync(ends: _loads.Count == 3);
            if (_loads.Count > before)
                looks.Add(look);
            if (_loads.Count == 4)
                await TestTimeouts.UntilAsync(() => engine.Catalog.IsReady);
        }

        Assert.Equal([1, 3, 7], looks);
    }

    private void HangFirst() =>
        _loads.Opening = (_, load) =>
        {
            if (load == 0)
                _hang.Wait(TestTimeouts.Guard);
        };

    /// <summary>Until the first load is where it hangs, so that no other can get there before it, and its time runs.</summary>
    private Task FirstHangsAsync() => TestTimeouts.UntilAsync(() => _loads.Count == 1 && _time.IsArmedFor(VersionLoads.Patience));

    private Task<EngineHost> StartAsync() =>
        EngineHost.StartAsync(
            new(_models.Settings) { ["Execution:Sessions"] = "1", ["Execution:IntraOpThreads"] = "1" },
            services =>
            {
                _loads.Register(services);
                services.AddSingleton<TimeProvider>(_time);
            }
        );

    private async Task AdvanceToNextLookAsync(bool ends = false)
    {
        await TestTimeouts.UntilAsync(() => _time.IsArmedFor(Defaults.WatchInterval));
        var before = _loads.Count;
        _time.Advance(Defaults.WatchInterval);
        await TestTimeouts.UntilAsync(() => _time.IsArmedFor(Defaults.WatchInterval) || (ends && _loads.Count > before));
    }
}
