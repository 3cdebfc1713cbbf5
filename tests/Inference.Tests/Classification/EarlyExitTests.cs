using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>Looking again only when unsure, with networks that the test holds by the hand.</summary>
public sealed class EarlyExitTests : IAsyncLifetime
{
    // Clear at once, and without any colour: no look can tell.
    private static readonly byte[] Clear = TestModels.Image(10, 200, 10);
    private static readonly byte[] Grey = TestModels.Image(90, 90, 90);

    private static readonly EarlyExitPolicy Rounds = new()
    {
        Rounds = [new("1") { Confidence = 0.9 }, new("12") { Confidence = 0.5 }, new("144")],
    };

    private readonly GatedModelSession _left = new();
    private readonly GatedModelSession _right = new();
    private readonly FakeTimeProvider _time = new();
    private readonly TempModels _models = new TempModels()
        .Colors("left")
        .Colors("right")
        .Ensemble("both", """{"members":[{"model":"left"},{"model":"right"}]}""");

    private EngineHost _engine = null!;

    public async Task InitializeAsync() =>
        _engine = await EngineHost.StartLoadedAsync(
            new(_models.Settings)
            {
                ["Execution:Sessions"] = "1",
                ["Execution:IntraOpThreads"] = "1",
                ["Batching:MaxBatchSize"] = "1",
                ["Batching:QueueCapacity"] = "150",
            },
            services =>
                services
                    .AddSingleton<TimeProvider>(_time)
                    .AddSingleton<ModelSessionFactory>((path, _) => path.Contains("left", StringComparison.Ordinal) ? _left : _right)
        );

    public async Task DisposeAsync()
    {
        _left.Open();
        _right.Open();
        await _engine.DisposeAsync();
        _models.Dispose();
    }

    [Fact]
    public async Task ClassifyAsync_SureAtOnce_LooksOnce()
    {
        var answer = await AskAsync(Clear, "left", Rounds);

        Assert.Equal((1, StopReason.Confident, "green"), (answer.CropsUsed, answer.StopReason, answer.Predictions[0].Label));
    }

    [Fact]
    public async Task ClassifyAsync_NeverSure_LooksAtEverythingOnce()
    {
        _left.Hold();
        _left.Open();
        var answer = await AskAsync(Grey, "left", Rounds);

        // A square image has one square: its twelve views at four sizes. At the smallest, 9 pixels for an input of 8, the centre is a
        // corner.
        Assert.Equal((1 + 144, StopReason.Exhausted), (answer.CropsUsed, answer.StopReason));
        Assert.Equal(1 + 10 + (3 * 12), _left.Runs.Sum());
    }

    [Fact]
    public async Task ClassifyAsync_SureAfterAFewLooks_StopsThere()
    {
        // The first look sees nothing, as if the network were blind; the twelve see the colour.
        var looks = 0;
        _left.Fault = (tensors, _) =>
        {
            if (looks++ == 0)
                tensors.Input(0).Clear();
        };

        var answer = await AskAsync(Clear, "left", Rounds);

        Assert.Equal((1 + 12, StopReason.Confident, "green"), (answer.CropsUsed, answer.StopReason, answer.Predictions[0].Label));
    }

    [Fact]
    public async Task ClassifyAsync_EnsembleSureOfItsFirstMember_DoesNotAskTheSecond()
    {
        _right.Hold();

        var answer = await AskAsync(Clear, "both", FirstThenBoth);

        Assert.Equal((1, StopReason.Confident), (answer.CropsUsed, answer.StopReason));
        Assert.Equal(["left"], answer.Members);
        Assert.Empty(answer.Missing);
    }

    [Fact]
    public async Task ClassifyAsync_EnsembleUnsure_AsksTheSecondAndCountsBoth()
    {
        _left.Fault = (tensors, _) => tensors.Input(0).Clear();

        var answer = await AskAsync(Clear, "both", FirstThenBoth);

        Assert.Equal((2, StopReason.Exhausted, "green"), (answer.CropsUsed, answer.StopReason, answer.Predictions[0].Label));
        Assert.Equal(["left", "right"], answer.Members);
    }

    [Fact]
    public async Task ClassifyAsync_NextRoundTakesLongerThanIsLeft_StopsForTheBudget()
    {
        _left.Fault = (_, count) => _time.Advance(TimeSpan.FromMilliseconds(100 * count));
        await AskAsync(Clear, "left", Rounds);

        var answer = await AskAsync(Grey, "left", Rounds, TimeSpan.FromMilliseconds(1000));

        Assert.Equal((1, StopReason.Budget), (answer.CropsUsed, answer.StopReason));
        Assert.InRange(answer.Timings.Total.TotalMilliseconds, 100, 200);

        var patient = await AskAsync(Grey, "left", Rounds, TimeSpan.FromMilliseconds(1700));
        Assert.Equal((13, StopReason.Budget), (patient.CropsUsed, patient.StopReason));
    }

    [Fact]
    public async Task ClassifyAsync_DeadlinePassesInALaterRound_AnswersWithWhatItHas()
    {
        // Nothing is known yet of what a run costs, so the second round is begun; and it takes too long.
        _left.Hold();
        var asked = _engine.ClassifyAsync(Grey, CropMode.Auto, "left", deadline: TimeSpan.FromMilliseconds(1000), auto: Rounds);
        await _left.NextRunAsync();
        _left.Pass();
        await _left.NextRunAsync();
        _time.Advance(TimeSpan.FromMilliseconds(980));

        var answer = Assert.IsType<ClassifyAnswer>(await asked);
        Assert.Equal((1, StopReason.Budget), (answer.CropsUsed, answer.StopReason));
    }

    [Fact]
    public async Task ClassifyAsync_NoRoomForTheNextRound_AnswersWithWhatItHas()
    {
        _left.Hold();
        var asked = _engine.ClassifyAsync(
            Grey,
            CropMode.Auto,
            "left",
            auto: new() { Rounds = [new("1") { Confidence = 0.9 }, new("144")] }
        );
        await _left.NextRunAsync();
        var blocker = _engine.ClassifyAsync(TestImages.Png(40, 16), CropMode.Crops144, "left");
        await TestTimeouts.UntilAsync(() => _engine.Catalog.List().Single(model => model.Name == "left").QueueDepth > 100);
        _left.Pass();

        var answer = Assert.IsType<ClassifyAnswer>(await asked);
        Assert.Equal((1, StopReason.Overloaded), (answer.CropsUsed, answer.StopReason));
        _left.Open();
        Assert.Equal(144, Assert.IsType<ClassifyAnswer>(await blocker).CropsUsed);
    }

    [Fact]
    public async Task ClassifyAsync_MemberOfALaterRoundFails_TheAnswerStands()
    {
        _left.Fault = (tensors, _) => tensors.Input(0).Clear();
        _right.Fault = (_, _) => throw new InvalidOperationException("the device is on fire");

        var answer = await AskAsync(Clear, "both", FirstThenBoth);

        Assert.Equal((1, StopReason.Failed), (answer.CropsUsed, answer.StopReason));
        Assert.Equal([new MissingMember("right", ClassifyFailure.ModelFailed)], answer.Missing);
    }

    [Fact]
    public async Task ClassifyAsync_PlanOfALaterRoundIsMissing_TheAnswerStands()
    {
        var answer = await AskAsync(Grey, "left", new() { Rounds = [new("1") { Confidence = 0.9 }, new("7")] });

        Assert.Equal((1, StopReason.Failed), (answer.CropsUsed, answer.StopReason));
    }

    [Fact]
    public async Task ClassifyAsync_Agreement_OneLookIsNeverEnough()
    {
        var policy = new EarlyExitPolicy
        {
            Rule = ConfidenceRule.Agreement,
            Rounds = [new("1") { Confidence = 0.1 }, new("12") { Confidence = 1 }, new("144")],
        };

        var answer = await AskAsync(Clear, "left", policy);

        Assert.Equal((13, StopReason.Confident), (answer.CropsUsed, answer.StopReason));
    }

    [Fact]
    public async Task ClassifyAsync_NoPolicyAnywhere_LooksByTheDefaults()
    {
        Assert.Equal(1, (await AskAsync(Clear, "left", policy: null)).CropsUsed);
        Assert.Equal(145, (await AskAsync(Grey, "left", policy: null)).CropsUsed);
        Assert.Equal(["left"], (await AskAsync(Clear, "both", policy: null)).Members);
        Assert.Equal(290, (await AskAsync(Grey, "both", policy: null)).CropsUsed);
    }

    [Fact]
    public async Task ClassifyAsync_LooksKept_AreTheLogitsOfEveryRound()
    {
        var answer = Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(Grey, CropMode.Auto, "left", auto: Rounds, keepLooks: true));

        var scores = Assert.Single(answer.CropScores);
        Assert.Equal("left", scores.Member);
        Assert.Equal([1 * 3, 10 * 3, 36 * 3], scores.Rounds.Select(round => round.Length));
    }

    private static EarlyExitPolicy FirstThenBoth { get; } =
        new() { Rounds = [new("1") { Members = ["left"], Confidence = 0.9 }, new("1")] };

    private async Task<ClassifyAnswer> AskAsync(byte[] image, string model, EarlyExitPolicy? policy, TimeSpan? deadline = null) =>
        Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(image, CropMode.Auto, model, deadline: deadline, auto: policy));
}
