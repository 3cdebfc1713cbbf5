using System.Globalization;
using System.Reflection;
using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>What makes two requests the same to the cache, with real networks.</summary>
public sealed class AnswerKeyTests : IDisposable
{
    private static readonly byte[] Red = TestModels.Image(200, 10, 10);

    // Neither who is asked for by which name, nor when and how urgently, changes an answer.
    private static readonly string[] Indifferent =
    [
        nameof(ClassifyRequest.Model),
        nameof(ClassifyRequest.Version),
        nameof(ClassifyRequest.ArrivedAt),
        nameof(ClassifyRequest.Deadline),
        nameof(ClassifyRequest.Priority),
        nameof(ClassifyRequest.Caller),
    ];

    private static readonly Dictionary<string, object> Others = new(StringComparer.Ordinal)
    {
        [nameof(ClassifyRequest.Image)] = new ReadOnlyMemory<byte>(TestModels.Image(200, 10, 11)),
        [nameof(ClassifyRequest.Crops)] = CropMode.Crops10,
        [nameof(ClassifyRequest.EarlyExit)] = new EarlyExitPolicy { Rounds = [new("10")] },
        [nameof(ClassifyRequest.Deadline)] = TimeSpan.FromSeconds(1),
    };

    private readonly TempModels _models = new TempModels().Featured("colors").Colors("plain");

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Of_AnyPropertyOfARequest_CountsUnlessItCannotChangeTheAnswer()
    {
        await using var engine = await StartAsync();
        var request = new ClassifyRequest { Image = Red, ArrivedAt = 0 };
        var key = KeyOf(engine, request);

        Assert.Equal(key, KeyOf(engine, new ClassifyRequest { Image = (byte[])Red.Clone(), ArrivedAt = 0 }));
        Assert.All(
            typeof(ClassifyRequest).GetProperties(BindingFlags.Public | BindingFlags.Instance),
            property =>
            {
                var changed = request with { };
                property.SetValue(changed, Other(property));
                Assert.Equal((property.Name, Indifferent.Contains(property.Name)), (property.Name, key.Equals(KeyOf(engine, changed))));
            }
        );
    }

    [Fact]
    public async Task Of_PerKey_CountsTheCaller()
    {
        await using var engine = await StartAsync();
        var request = new ClassifyRequest
        {
            Image = Red,
            ArrivedAt = 0,
            Caller = "shop",
        };

        Assert.NotEqual(KeyOf(engine, request, perKey: true), KeyOf(engine, request with { Caller = "other" }, perKey: true));
        Assert.Equal(KeyOf(engine, request, perKey: true), KeyOf(engine, request with { Priority = 3 }, perKey: true));
    }

    [Fact]
    public async Task Ask_ByAnyName_IsTheSameModel()
    {
        await using var engine = await StartAsync();
        await AskAsync(engine);

        Assert.Equal(CacheUse.Hit, (await AskAsync(engine, "colors")).Cached);
        Assert.Equal(CacheUse.Hit, (await AskAsync(engine, "colors", "1")).Cached);
        Assert.Null((await AskAsync(engine, "plain")).Cached);
    }

    [Fact]
    public async Task Ask_SameVersionLoadedAgainWithOtherLabels_AnswersWithThem()
    {
        await using var engine = await StartAsync();
        Assert.Equal("red", (await AskAsync(engine, "plain")).Predictions[0].Label);
        _models.Colors("plain", manifest: text => text.Replace("\"red\"", "\"crimson\"", StringComparison.Ordinal));

        await engine.Control.LoadAsync("plain", "1").Guarded();

        var answer = await AskAsync(engine, "plain");
        Assert.Equal((null, "crimson"), (answer.Cached, answer.Predictions[0].Label));
        Assert.Equal(CacheUse.Hit, (await AskAsync(engine, "plain")).Cached);
    }

    [Fact]
    public async Task Ask_NewVersionByDefault_AnswersWithItAndTheOldOneKeepsItsAnswers()
    {
        await using var engine = await StartAsync();
        await AskAsync(engine, "plain");
        _models.Colors("plain", "2");

        await engine.Control.LoadAsync("plain", "2").Guarded();

        var newest = await AskAsync(engine, "plain");
        Assert.Equal((null, "2"), (newest.Cached, newest.Version));
        var old = await AskAsync(engine, "plain", "1");
        Assert.Equal((CacheUse.Hit, "1"), (old.Cached, old.Version));
    }

    [Fact]
    public async Task Ask_MemberOfAnEnsembleLoadedAgain_IsComputedAgain()
    {
        _models.Ensemble("both", """{"members":[{"model":"colors"},{"model":"plain"}]}""");
        await using var engine = await StartAsync();
        await AskAsync(engine, "both");
        Assert.Equal(CacheUse.Hit, (await AskAsync(engine, "both")).Cached);

        await engine.Control.LoadAsync("plain", "1").Guarded();
        Assert.Null((await AskAsync(engine, "both")).Cached);
        Assert.Equal(CacheUse.Hit, (await AskAsync(engine, "both")).Cached);

        _models.Ensemble("both", """{"members":[{"model":"colors","weight":3},{"model":"plain"}]}""");
        await engine.Control.LoadAsync("both", "1").Guarded();
        Assert.Null((await AskAsync(engine, "both")).Cached);
    }

    [Fact]
    public async Task IsAnsweredBy_OtherLoadOrCutShort_IsNot()
    {
        await using var engine = await StartAsync();
        var answer = await AskAsync(engine);
        var key = KeyOf(engine, new ClassifyRequest { Image = Red, ArrivedAt = 0 });

        Assert.True(key.IsAnsweredBy(answer));
        Assert.False(key.IsAnsweredBy(answer with { IsWhole = false }));
        Assert.False(key.IsAnsweredBy(answer with { LoadIds = [Guid.NewGuid()] }));
    }

    [Fact]
    public async Task Ask_CacheIsOff_IsComputedEachTime()
    {
        await using var engine = await EngineHost.StartLoadedAsync(new(_models.Settings) { ["Models:Default"] = "colors" });

        Assert.Null((await AskAsync(engine)).Cached);
        Assert.Null((await AskAsync(engine)).Cached);
    }

    private Task<EngineHost> StartAsync() =>
        EngineHost.StartLoadedAsync(new(_models.Settings) { ["Models:Default"] = "colors", ["Cache:Size"] = "1000000" });

    private static AnswerKey KeyOf(EngineHost engine, ClassifyRequest request, bool perKey = false) =>
        AnswerKey.Of(request, engine.Catalog.FindMembers(new("colors", Version: null))!, engine.Catalog, perKey);

    private static async Task<ClassifyAnswer> AskAsync(EngineHost engine, string? model = null, string? version = null) =>
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Red, model: model, version: version));

    private static object Other(PropertyInfo property) =>
        Others.TryGetValue(property.Name, out var other) ? other
        : property.PropertyType == typeof(string) ? "other"
        : property.PropertyType == typeof(bool) ? true
        : property.PropertyType == typeof(int) || property.PropertyType == typeof(long)
            ? Convert.ChangeType(7, property.PropertyType, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException($"{property.Name} is new: give it another value here, and see that the cache heeds it.");
}
