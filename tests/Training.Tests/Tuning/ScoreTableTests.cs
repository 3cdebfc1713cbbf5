using Saccade.Inference.Bundles;
using Saccade.Training.Commands.Evaluate;
using Saccade.Training.Evaluation;
using Saccade.Training.Serving;
using Saccade.Training.Tuning;
using Xunit;

namespace Saccade.Training.Tests.Tuning;

/// <summary>What is computed from logits that were kept is what the engine answers.</summary>
public sealed class ScoreTableTests : IClassFixture<ScoreTableTests.Pair>
{
    private static readonly CropMode[] Plans = [CropMode.Single, CropMode.Crops10, CropMode.Crops12, CropMode.Crops144];
    private static readonly IReadOnlyList<CropMode> Chain = EarlyExitSchedule.ChainAmong(Plans);

    private readonly ServedPair _pair;

    public ScoreTableTests(Pair pair) => _pair = pair.Served;

    [Fact]
    public async Task FixedPlans_Ensemble_AreTheEnginesAnswers()
    {
        var table = await TableAsync("both", Plans, _ => Chain);
        await using var engine = await MeasuredModel.OpenAsync(_pair.In("both", "1"), threads: 1);

        foreach (var plan in Plans)
        {
            var live = await engine.RunAsync(_pair.Data.HeldOut, plan, _ => { }, CancellationToken.None);
            var kept = FixedPlans.Score(table, plan);

            Assert.Equal(Cells(live.Scores), Cells(kept));
            Assert.Equal(live.Scores.CalibrationError, kept.CalibrationError, 1e-6);
            Assert.Equal((2 * plan.Crops, live.Macs), (live.CropsUsed, FixedPlans.Macs(table, plan)));
        }
    }

    [Theory]
    [InlineData(ConfidenceRule.Margin)]
    [InlineData(ConfidenceRule.Entropy)]
    [InlineData(ConfidenceRule.Agreement)]
    public async Task Measure_AnyRule_CropsAndAnswersAsTheEngineDoes(ConfidenceRule rule)
    {
        var everything = await TableAsync("both", Plans, _ => Chain);
        var schedule = new EarlyExitSchedule([
            ScheduleRound.Of(2, [0], 0),
            ScheduleRound.Of(2, [1], 0),
            ScheduleRound.Of(2, [0, 1], 1),
            ScheduleRound.Of(2, [0, 1], 2),
        ]);
        var run = ScheduleRun.Of(everything, schedule);
        double[] thresholds = [.. Enumerable.Range(0, 3).Select(round => Math.Max(0.01, Median(run.ConfidenceAfter(rule, round))))];
        var policy = schedule.ToPolicy(rule, thresholds, ["first", "second"], Chain);

        var kept = ScheduleRun.Measure(everything, schedule, rule, thresholds);
        var live = await AutoAsync("both", policy);

        Assert.Equal(Cells(live.Scores), Cells(kept.Scores));
        Assert.Equal((live.CropsUsed, live.Macs), (kept.CropsUsed, kept.Macs));
        Assert.Equal(live.Stops, kept.Stops);
        var outcome = run.Stop(rule, thresholds, FixedPlans.Right(everything, CropMode.Single));
        Assert.Equal((outcome.Top1, outcome.CropsUsed, outcome.Macs), (kept.Scores.Top1, kept.CropsUsed, kept.Macs));
        Assert.Equal(kept.Scores.Top1 - FixedPlans.Score(everything, CropMode.Single).Top1, outcome.Gained - outcome.Lost, 1e-9);
        Assert.True(live.Stops.Count == 2 || rule == ConfidenceRule.Agreement, "one reason for all would prove little");
    }

    [Fact]
    public async Task Measure_PolicyThatSkipsAPlan_CropsAsTheEngineDoes()
    {
        var policy = new EarlyExitPolicy
        {
            Rounds = [new("10") { Members = ["second"], Confidence = 0.2 }, new("12") { Confidence = 0.2 }, new("1")],
        };
        var table = await TableAsync("both", Plans, name => EarlyExitSchedule.ChainOf(policy, name));

        var kept = ScheduleRun.Measure(table, EarlyExitSchedule.Of(policy, ["first", "second"]), policy.Rule, [0.2, 0.2]);
        var live = await AutoAsync("both", policy);

        Assert.Equal(Cells(live.Scores), Cells(kept.Scores));
        Assert.Equal(live.CropsUsed, kept.CropsUsed);
    }

    [Fact]
    public async Task GatherAsync_Again_AsksNobody()
    {
        using var folder = new TempFolder();
        await using var engine = await LocalEngine.StartAsync(_pair.In("first", "1"), threads: 1);
        List<long> told = [];
        for (var time = 0; time < 2; time++)
        {
            told.Clear();
            using var logits = await CropLogits.GatherAsync(
                engine,
                _pair.Data.HeldOut,
                [CropMode.Single],
                folder.Path,
                told.Add,
                CancellationToken.None
            );
        }

        Assert.Equal([_pair.Data.HeldOut.Count], told);
    }

    private async Task<ScoreTable> TableAsync(string model, IReadOnlyList<CropMode> plans, Func<string, IReadOnlyList<CropMode>> chainOf)
    {
        await using var engine = await LocalEngine.StartAsync(_pair.In(model, "1"), threads: 1);
        using var logits = await CropLogits.GatherAsync(
            engine,
            _pair.Data.HeldOut,
            plans,
            _pair.Beside("kept"),
            _ => { },
            CancellationToken.None
        );
        return logits.Table(Tuner.Members(engine, scaling: null, chainOf), [.. Enumerable.Range(0, _pair.Data.HeldOut.Count)]);
    }

    private async Task<PlanMeasurement> AutoAsync(string model, EarlyExitPolicy policy)
    {
        await using var engine = await LocalEngine.StartAsync(_pair.In(model, "1"), threads: 1);
        var macs = engine
            .MemberNames.Zip(engine.Members)
            .ToDictionary(member => member.First, member => member.Second.Manifest!.Architecture.Macs);
        PlanMeasurement measured = new(_pair.Data.Labels.Count);
        var question = new Question { Crops = CropMode.Auto, EarlyExit = policy };
        await engine.AskAsync(
            _pair.Data.HeldOut,
            [.. Enumerable.Range(0, _pair.Data.HeldOut.Count)],
            question,
            (image, answer) => measured.Add(answer, _pair.Data.HeldOut.LabelOf(image), macs, image),
            CancellationToken.None
        );
        return measured;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static long[] Cells(Scores scores) =>
        [
            .. Enumerable
                .Range(0, scores.Classes * scores.Classes)
                .Select(cell => scores.Confusion(cell / scores.Classes, cell % scores.Classes)),
        ];

    public sealed class Pair : IDisposable
    {
        internal ServedPair Served { get; } = new();

        public void Dispose() => Served.Dispose();
    }
}
