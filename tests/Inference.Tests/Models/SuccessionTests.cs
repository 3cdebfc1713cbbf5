using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Models;

/// <summary>Which version answers when a request names none: never one that says other labels than the one before.</summary>
public sealed class SuccessionTests : IDisposable
{
    private static readonly byte[] Red = TestModels.Image(200, 10, 10);

    private readonly TempModels _models = new TempModels().Colors("colors");

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData("bare", "nobody named its classes")]
    [InlineData("other", "labels are not the same")]
    [InlineData("swapped", "labels are not the same")]
    public async Task Load_HigherVersionThatSaysOtherLabels_IsServedByItsNumberOnlyBeforeAndAfterARestart(string kind, string reason)
    {
        _models.Ensemble("both", """{"members":[{"model":"colors"}]}""");
        await using (var engine = await EngineHost.StartLoadedAsync(_models.Settings))
        {
            Add(kind, "2");
            Assert.Equal(ControlOutcome.Done, (await engine.Control.LoadAsync("colors", version: null).Guarded()).Outcome);
            await CheckAsync(engine);
            await engine.Control.LoadAsync("colors", "2").Guarded();
            await CheckAsync(engine);
        }

        await using var restarted = await EngineHost.StartLoadedAsync(_models.Settings);
        await CheckAsync(restarted);

        // What the log says helps.
        await restarted.Control.UnloadAsync("colors", "1").Guarded();
        Assert.Equal("2", (await AnswerAsync(restarted)).Version);

        async Task CheckAsync(EngineHost engine)
        {
            Assert.Equal(("1", "red"), await AnswerAsync(engine));
            Assert.Equal(("1", "red"), await AnswerAsync(engine, model: "both"));
            Assert.Equal("2", (await AnswerAsync(engine, version: "2")).Version);
            Assert.Equal("1", engine.Catalog.List().Single(status => status is { Name: "colors", IsDefault: true }).Version);
            Assert.True(engine.Catalog.IsReady);
            Assert.Contains(engine.Logs.Entries, entry => entry.Id.Id == 147 && entry.Message.Contains(reason, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Load_SameLabels_TakesOverAndGivesBack()
    {
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);
        _models.Colors("colors", "3");
        await engine.Control.LoadAsync("colors", version: null).Guarded();
        Assert.Equal("3", (await AnswerAsync(engine)).Version);
        _models.Colors("colors", "2");
        await engine.Control.LoadAsync("colors", "2").Guarded();
        Assert.Equal("3", (await AnswerAsync(engine)).Version);

        await engine.Control.UnloadAsync("colors", "3").Guarded();

        Assert.Equal("2", (await AnswerAsync(engine)).Version);
        Assert.DoesNotContain(engine.Logs.Entries, entry => entry.Id.Id == 147);
    }

    [Fact]
    public async Task Load_LowerVersionThatSaysOtherLabels_ChangesNothing()
    {
        _models.Move("colors", "1", "5");
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);
        Add("other", "4");
        await engine.Control.LoadAsync("colors", "4").Guarded();
        Assert.Equal(("5", "red"), await AnswerAsync(engine));
    }

    [Fact]
    public async Task Load_ManifestThatNamesUnnamedClassesAsTheyAreCalled_TakesOver()
    {
        _models.Remove("colors");
        _models.Graph("colors", "plain").Colors("colors", "2", text => Labels(text, "class 0", "class 1", "class 2")).Colors("colors", "3");
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);
        Assert.Equal(("2", "class 0"), await AnswerAsync(engine));
    }

    [Fact]
    public async Task Load_ManifestIsGone_TheVersionServesAsItWasLoadedUnlessItIsAskedFor()
    {
        await using var engine = await EngineHost.StartLoadedAsync(_models.Settings);
        File.Delete(Path.Combine(_models.Path, "colors", "1", "manifest.json"));

        var result = await engine.Control.LoadAsync("colors", version: null).Guarded();
        Assert.Equal(ControlOutcome.Refused, result.Outcome);
        Assert.Contains("manifest.json is gone", result.Detail, StringComparison.Ordinal);
        Assert.Equal(("1", "red"), await AnswerAsync(engine));

        Assert.Equal(ControlOutcome.Done, (await engine.Control.LoadAsync("colors", "1").Guarded()).Outcome);
        Assert.Equal(("1", "class 0"), await AnswerAsync(engine));
    }

    [Theory]
    [InlineData("bare")]
    [InlineData("other")]
    public async Task Load_OneVersionServes_OneThatSaysOtherLabelsReplacesItOnlyByItsNumber(string kind)
    {
        var settings = new Dictionary<string, string?>(_models.Settings) { ["Models:Versions"] = "One" };
        await using var engine = await EngineHost.StartLoadedAsync(settings);
        Add(kind, "2");

        var result = await engine.Control.LoadAsync("colors", version: null).Guarded();
        Assert.Equal(ControlOutcome.Refused, result.Outcome);
        Assert.StartsWith("It does not replace version 1, because ", result.Detail, StringComparison.Ordinal);
        Assert.Equal(("1", "red"), await AnswerAsync(engine));

        Assert.Equal(ControlOutcome.Done, (await engine.Control.LoadAsync("colors", "2").Guarded()).Outcome);
        Assert.Equal("2", (await AnswerAsync(engine)).Version);
    }

    [Theory]
    [InlineData("bare")]
    [InlineData("other")]
    public async Task Start_OneVersionServes_ItIsTheHighestWithTheLabelsOfTheFirst(string kind)
    {
        _models.Colors("colors", "2");
        Add(kind, "3");
        await using var engine = await EngineHost.StartLoadedAsync(new(_models.Settings) { ["Models:Versions"] = "One" });

        Assert.Equal(("2", "red"), await AnswerAsync(engine));
        Assert.Equal([ModelState.Unloaded, ModelState.Ready, ModelState.Unloaded], engine.Catalog.List().Select(status => status.State));
        Assert.Contains("version=3", Assert.Single(engine.Logs.Entries, entry => entry.Id.Id == 148).Message, StringComparison.Ordinal);
        Assert.True(engine.Catalog.IsReady);
    }

    [Fact]
    public void Digest_ListsThatReadTheSameJoined_AreToldApart()
    {
        string[][] lists =
        [
            ["ab", "c"],
            ["a", "bc"],
            ["abc"],
            ["c", "ab"],
            ["ab", "c", ""],
            ["2:ab", "c"],
            [],
        ];
        Assert.Equal(lists.Length, lists.Select(Succession.Digest).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Succession.Digest(["ab", "c"]), Succession.Digest(["ab", "c"]));
    }

    private void Add(string kind, string version) =>
        _ = kind switch
        {
            "bare" => _models.Graph("colors", "plain", version),
            "other" => _models.Colors("colors", version, text => Labels(text, "rouge", "green", "blue")),
            _ => _models.Colors("colors", version, text => Labels(text, "green", "red", "blue")),
        };

    private static string Labels(string manifest, string first, string second, string third) =>
        manifest
            .Replace("\"red\"", "\"#1\"", StringComparison.Ordinal)
            .Replace("\"green\"", $"\"{second}\"", StringComparison.Ordinal)
            .Replace("\"blue\"", $"\"{third}\"", StringComparison.Ordinal)
            .Replace("#1", first, StringComparison.Ordinal);

    private static async Task<(string Version, string Label)> AnswerAsync(
        EngineHost engine,
        string? version = null,
        string model = "colors"
    )
    {
        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red, model: model, version: version));
        return (answer.Version, answer.Predictions[0].Label);
    }
}
