using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>
/// The layer before the classifier, beside the labels. The fixture's are the mean of each channel, a twentieth of its logits.
/// </summary>
public sealed class FeaturesTests
{
    private static readonly byte[] Orange = TestModels.Image(220, 160, 40);

    [Fact]
    public async Task ClassifyAsync_Features_AreWhatTheClassifierSees()
    {
        using var models = new TempModels().Featured("colors");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var answer = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Orange, features: true));

        Assert.Equal("red", answer.Predictions[0].Label);
        Assert.Equal([220 / 255f, 160 / 255f, 40 / 255f], answer.Features, Near);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(144)]
    public async Task ClassifyAsync_SeveralCrops_GivesTheMeanOfTheirFeatures(int crops)
    {
        using var models = new TempModels().Featured("colors");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var answer = Assert.IsType<ClassifyAnswer>(
            await engine.ClassifyAsync(TestImages.Png(50, 38), CropMode.Of(crops), keepLooks: true, features: true)
        );

        var logits = answer.CropScores[0].Rounds.SelectMany(round => round.Chunk(3));
        var times = answer.Windows[0].Windows.Select(window => window.Times);
        var expected = new float[3];
        foreach (var (crop, count) in logits.Zip(times))
        {
            for (var channel = 0; channel < 3; channel++)
                expected[channel] += count * crop[channel] / 20 / crops;
        }

        Assert.Equal(expected, answer.Features, Near);
    }

    [Fact]
    public async Task ClassifyAsync_NotAsked_GivesNone()
    {
        using var models = new TempModels().Featured("colors");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        Assert.Empty(Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Orange)).Features);
    }

    [Fact]
    public async Task ClassifyAsync_ModelWithoutFeatures_IsRefusedBeforeItIsDecoded()
    {
        await using var engine = await EngineHost.StartLoadedAsync(new() { ["Models:Path"] = TestModels.Path });

        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync("no image"u8.ToArray(), features: true));

        Assert.Equal(ClassifyFailure.NoFeatures, refusal.Failure);
        Assert.Contains("exported without them", refusal.Detail, StringComparison.Ordinal);
        Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Orange));
    }

    [Fact]
    public async Task ClassifyAsync_Ensemble_IsRefusedWithItsMembersNames()
    {
        using var models = new TempModels()
            .Featured("one")
            .Featured("two")
            .Ensemble("both", """{"members":[{"model":"one"},{"model":"two"}]}""");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var refusal = Assert.IsType<ClassifyRefusal>(await engine.ClassifyAsync(Orange, model: "both", features: true));

        Assert.Equal(ClassifyFailure.NoFeatures, refusal.Failure);
        Assert.Contains("ask one of one, two.", refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(3, Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Orange, model: "two", features: true)).Features.Count);
    }

    [Fact]
    public async Task ClassifyAsync_OneBatchOfBothKinds_GivesFeaturesToWhoeverAsked()
    {
        using var session = new GatedModelSession { FeaturesName = "features" };
        using var models = new TempModels().Featured("colors");
        await using var engine = await EngineHost.StartLoadedAsync(
            new(models.Settings)
            {
                ["Execution:Sessions"] = "1",
                ["Execution:IntraOpThreads"] = "1",
                ["Batching:AllowedBatchSizes:0"] = "2",
            },
            services => services.AddSingleton<ModelSessionFactory>((_, _) => session)
        );
        session.Hold();

        var first = engine.ClassifyAsync(Orange);
        Assert.Equal(2, await session.NextRunAsync());
        var labels = engine.ClassifyAsync(Orange);
        var features = engine.ClassifyAsync(Orange, features: true);
        await WaitingAsync(engine, crops: 2);
        session.Pass();
        Assert.Equal(2, await session.NextRunAsync());
        session.Open();

        Assert.Empty(Assert.IsType<ClassifyAnswer>(await first).Features);
        Assert.Empty(Assert.IsType<ClassifyAnswer>(await labels).Features);
        Assert.Equal([220 / 255f, 160 / 255f, 40 / 255f], Assert.IsType<ClassifyAnswer>(await features).Features, Near);
        Assert.Equal([false, true], session.FeaturesWanted);
    }

    private static async Task WaitingAsync(EngineHost engine, int crops)
    {
        using var guard = new CancellationTokenSource(TestTimeouts.Guard);
        while (engine.Catalog.List()[0].QueueDepth < crops)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static bool Near(float expected, float actual) => Math.Abs(expected - actual) < 1e-5;
}
