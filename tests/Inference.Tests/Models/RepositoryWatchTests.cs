using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>The watched folder. Time stands still between two looks.</summary>
public sealed class RepositoryWatchTests : IDisposable
{
    private static readonly byte[] Red = TestModels.Image(200, 10, 10);

    private static readonly TimeSpan Interval = new ModelsOptions().WatchInterval;

    private readonly TempModels _models = new();
    private readonly GatedLoads _loads = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Look_VersionAppears_LoadedWhenItLookedTheSameTwice()
    {
        await using var engine = await StartAsync();
        _models.Colors("colors", "2").Colors("another");

        await LookAsync();
        Assert.Equal(["1"], engine.Catalog.List().Select(status => status.Version));
        await LookAsync();

        Assert.Equal(["another/1", "colors/1", "colors/2"], engine.Catalog.List().Select(status => $"{status.Name}/{status.Version}"));
        Assert.All(engine.Catalog.List(), status => Assert.Equal(ModelState.Ready, status.State));
        Assert.Equal("2", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red, model: "colors")).Version);
    }

    [Fact]
    public async Task Look_BundleIsBeingCopied_NotTouchedUntilItRests()
    {
        await using var engine = await StartAsync();
        _models.Write("colors", "2", "manifest.json", File.ReadAllText(Path.Combine(_models.Path, "colors", "1", "manifest.json")));
        await LookAsync(times: 3);
        Assert.Single(engine.Catalog.List());

        for (var length = 1; length <= 4; length++)
        {
            _models.Write("colors", "2", "model.onnx", new string('x', length));
            await LookAsync();
            Assert.Single(engine.Catalog.List());
        }

        _models.Colors("colors", "2");
        await LookAsync(times: 2);
        Assert.Equal(2, _loads.Count);
        Assert.Equal(ModelState.Ready, engine.Catalog.List()[1].State);
    }

    [Fact]
    public async Task Look_CopyingPausesHalfWay_RefusedByItsSha256AndLoadedWhenWhole()
    {
        await using var engine = await StartAsync();
        _models.Colors("colors", "2").Write("colors", "2", "model.onnx", "the first half");
        await LookAsync(times: 4);

        var status = engine.Catalog.List()[1];
        Assert.Equal(ModelState.Failed, status.State);
        Assert.Contains("SHA-256", status.Error, StringComparison.Ordinal);
        Assert.Equal(1, engine.Logs.Entries.Count(entry => entry.Id.Id == 102));
        Assert.Equal("1", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red)).Version);

        _models.Colors("colors", "2");
        await LookAsync(times: 2);
        Assert.Equal((ModelState.Ready, null), (engine.Catalog.List()[1].State, engine.Catalog.List()[1].Error));
    }

    [Fact]
    public async Task Look_FilesOfAServedVersionChange_SwappedOnce()
    {
        await using var engine = await StartAsync();
        _models.Colors("colors", "1", text => text.Replace("\"red\"", "\"rouge\"", StringComparison.Ordinal));

        await LookAsync(times: 2);
        Assert.Equal("rouge", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red)).Predictions[0].Label);

        // Before time goes on: a pool that does not end within some seconds is not freed.
        await TestTimeouts.UntilAsync(() => _loads[0].Disposals == 1);
        await LookAsync(times: 3);
        Assert.Equal((2, 1, 0), (_loads.Count, _loads[0].Disposals, _loads[1].Disposals));
    }

    [Fact]
    public async Task Look_NothingChanges_NothingIsLoaded()
    {
        await using var engine = await StartAsync();
        await LookAsync(times: 5);
        Assert.Equal(1, _loads.Count);
    }

    [Fact]
    public async Task Look_ModelCardIsEdited_NothingIsLoaded()
    {
        await using var engine = await StartAsync();
        _models.Write("colors", "1", "README.md", "# What these colours are");

        await LookAsync(times: 3);

        Assert.Equal(1, _loads.Count);
    }

    [Fact]
    public async Task Look_FolderVanishes_UnloadedAfterTwoLooksAndOffTheList()
    {
        await using var engine = await StartAsync("2");
        _models.Remove("colors", "2");

        await LookAsync();
        Assert.Equal(2, engine.Catalog.List().Count);
        await LookAsync();

        Assert.Equal("1", Assert.Single(engine.Catalog.List()).Version);
        await TestTimeouts.UntilAsync(() => _loads[0].Disposed || _loads[1].Disposed);
        Assert.Equal("1", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red)).Version);
    }

    [Fact]
    public async Task Look_WholeRepositoryIsAway_EverythingGoesOnServingAndTheLogSaysSoOnce()
    {
        await using var engine = await StartAsync();
        Directory.Move(_models.Path, _models.Path + ".away");
        try
        {
            await LookAsync(times: 3);
            Assert.Equal("1", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red)).Version);
            Assert.Equal(1, engine.Logs.Entries.Count(entry => entry.Id.Id == 144));
        }
        finally
        {
            Directory.Move(_models.Path + ".away", _models.Path);
        }

        await LookAsync(times: 3);
        Assert.Equal(1, _loads.Count);
    }

    [Fact]
    public async Task Look_RepositoryIsEmptyAtOnce_EverythingGoesOnServingAndTheLogSaysSoOnce()
    {
        await using var engine = await StartAsync("2");
        Directory.Move(Path.Combine(_models.Path, "colors"), _models.Path + ".away");
        await LookAsync(times: 4);
        Assert.Equal("2", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red)).Version);
        Assert.True(engine.Catalog.IsReady);
        Assert.Equal(1, engine.Logs.Entries.Count(entry => entry.Id.Id == 144));

        Directory.Move(_models.Path + ".away", Path.Combine(_models.Path, "colors"));
        await LookAsync(times: 3);
        Assert.Equal((2, 2), (_loads.Count, engine.Catalog.List().Count(status => status.State == ModelState.Ready)));
    }

    [Fact]
    public async Task Look_OneModelOfSeveralVanishes_IsUnloaded()
    {
        _models.Colors("other");
        await using var engine = await StartAsync();
        Directory.Delete(Path.Combine(_models.Path, "other"), recursive: true);
        await LookAsync(times: 2);
        Assert.Equal("colors", Assert.Single(engine.Catalog.List()).Name);
    }

    [Fact]
    public async Task Look_ThingsThatAreNotServedAppear_AreToldOnce()
    {
        await using var engine = await StartAsync();
        _models.Write("colors", "2", "resnet.onnx", "x").Write("colors", "v3", "model.onnx", "x");
        File.WriteAllText(Path.Combine(_models.Path, "loose.onnx"), "x");

        await LookAsync(times: 5);

        var told = engine.Logs.Entries.Where(entry => entry.Id.Id == 105).Select(entry => entry.Message.Split(' ')[0]);
        Assert.Equal(["colors/2", "colors/v3", "loose.onnx"], told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Look_PipeAppearsAsANetwork_RefusedAndOthersAreLoaded()
    {
        await using var engine = await StartAsync();
        _models.Colors("piped").Colors("sound");
        OddFiles.Make("pipe", Path.Combine(_models.Path, "piped", "1", "model.onnx"));

        await LookAsync(times: 2);

        Assert.Equal([ModelState.Ready, ModelState.Failed, ModelState.Ready], engine.Catalog.List().Select(status => status.State));
        _models.Colors("piped");
        await LookAsync(times: 2);
        Assert.All(engine.Catalog.List(), status => Assert.Equal(ModelState.Ready, status.State));
    }

    [Fact]
    public async Task Look_UnnamedVersionAppears_IsServedByItsNumberOnly()
    {
        await using var engine = await StartAsync();
        _models.Graph("colors", "plain", "2");

        await LookAsync(times: 2);

        Assert.Equal("1", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red)).Version);
        Assert.Equal("2", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red, version: "2")).Version);
        Assert.Single(engine.Logs.Entries, entry => entry.Id.Id == 147);
    }

    [Fact]
    public async Task Look_UnloadedByAnOperator_StaysSoUntilItsFilesChange()
    {
        await using var engine = await StartAsync("2");
        await engine.Control.UnloadAsync("colors", "2").Guarded();

        await LookAsync(times: 4);
        Assert.Equal((2, ModelState.Unloaded), (_loads.Count, engine.Catalog.List()[1].State));

        _models.Colors("colors", "2", text => text + "\n");
        await LookAsync(times: 2);
        Assert.Equal((3, ModelState.Ready), (_loads.Count, engine.Catalog.List()[1].State));
    }

    [Fact]
    public async Task Look_OneVersionServes_OnlyAHigherOneReplacesIt()
    {
        await using var engine = await StartAsync("3", new() { ["Models:Versions"] = "One" });
        Assert.Equal(1, _loads.Count);
        _models.Colors("colors", "2").Colors("colors", "4");

        await LookAsync(times: 4);

        Assert.Equal(2, _loads.Count);
        Assert.Equal("4", Assert.Single(engine.Catalog.List(), status => status.State == ModelState.Ready).Version);
    }

    [Fact]
    public async Task Look_FolderNotNamedLikeAVersionUntilItIsWhole_LoadedAfterTheRename()
    {
        await using var engine = await StartAsync();
        _models.Colors("colors", "2.part");
        await LookAsync(times: 3);
        Assert.Equal(1, _loads.Count);

        _models.Move("colors", "2.part", "2");
        await LookAsync(times: 2);
        Assert.Equal(2, _loads.Count);
    }

    [Fact]
    public async Task Look_VersionPolicyChanges_ServesWhatItNamesNowWithoutAGap()
    {
        Policy("specific { versions: 1 }");
        await using var engine = await StartAsync(secondVersion: "2");
        Assert.Equal(["1"], Served(engine));

        Policy("specific { versions: 2 }");
        await LookAsync();
        Assert.Equal(["1"], Served(engine));
        await LookAsync(times: 3);
        Assert.Equal(["2"], Served(engine));
        Assert.Equal("2", Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red)).Version);

        Policy("all { }");
        await LookAsync(times: 3);
        Assert.Equal(["1", "2"], Served(engine));

        // One that cannot be read chooses nothing.
        _models.WriteBeside("colors", "config.pbtxt", "version_policy {");
        await LookAsync(times: 3);
        Assert.Equal(["1", "2"], Served(engine));
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red));

        void Policy(string policy) => _models.WriteBeside("colors", "config.pbtxt", $"version_policy {{ {policy} }}");

        static string[] Served(EngineHost engine) =>
            [.. engine.Catalog.List().Where(status => status.State == ModelState.Ready).Select(status => status.Version)];
    }

    /// <summary>Weights in a file beside the network, as exporters write large ones.</summary>
    [Fact]
    public async Task Look_WeightsBesideTheNetworkChange_AreLoaded()
    {
        await using var engine = await StartAsync();
        _models.External("large", weight: 20);
        await LookAsync(times: 2);
        Assert.Equal(2, _loads.Count);

        _models.External("large", weight: 0.5f);
        await LookAsync(times: 2);

        Assert.Equal((3, ModelState.Ready, null), (_loads.Count, engine.Catalog.List()[1].State, engine.Catalog.List()[1].Error));
    }

    private async Task<EngineHost> StartAsync(string? secondVersion = null, Dictionary<string, string?>? settings = null)
    {
        _models.Colors("colors");
        if (secondVersion is not null)
            _models.Colors("colors", secondVersion);
        var engine = await _loads.StartAsync(_models, new(settings ?? []) { ["Models:Watch"] = "true" }, _time);
        await WaitingAsync();
        return engine;
    }

    private async Task LookAsync(int times = 1)
    {
        for (var look = 0; look < times; look++)
        {
            _time.Advance(Interval);
            await WaitingAsync();
        }
    }

    // Nothing else sets a timer for as long as the watch does.
    private Task WaitingAsync() => TestTimeouts.UntilAsync(() => _time.IsArmedFor(Interval));
}
