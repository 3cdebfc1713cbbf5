using Saccade.Inference.Bundles;
using Saccade.Training.Calibration;
using Saccade.Training.Commands.Evaluate;
using Saccade.Training.Evaluation;
using Saccade.Training.Serving;
using Xunit;

namespace Saccade.Training.Tests.Calibration;

/// <summary>What is computed from looks that were kept is what the engine answers.</summary>
public sealed class LookTableTests : IClassFixture<LookTableTests.Pair>
{
    private static readonly CropMode[] Plans = [CropMode.Single, CropMode.Crops10, CropMode.Crops12, CropMode.Crops144];
    private static readonly IReadOnlyList<CropMode> Chain = Ladder.ChainAmong(Plans);

    private readonly ServedPair _pair;

    public LookTableTests(Pair pair) => _pair = pair.Served;

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
            Assert.Equal((2 * plan.Crops, live.Macs), (live.Looks, FixedPlans.Macs(table, plan)));
        }
    }

    [Theory]
    [InlineData(ConfidenceRule.Margin)]
    [InlineData(ConfidenceRule.Entropy)]
    [InlineData(ConfidenceRule.Agreement)]
    public async Task Measure_AnyRule_LooksAndAnswersAsTheEngineDoes(ConfidenceRule rule)
    {
        var everything = await TableAsync("both", Plans, _ => Chain);
        var ladder = new Ladder([
            LadderRound.Of(2, [0], 0),
            LadderRound.Of(2, [1], 0),
            LadderRound.Of(2, [0, 1], 1),
            LadderRound.Of(2, [0, 1], 2),
        ]);
        var run = LadderRun.Of(everything, ladder);
        double[] sure = [.. Enumerable.Range(0, 3).Select(round => Math.Max(0.01, Median(run.CertaintyAfter(rule, round))))];
        var policy = ladder.ToPolicy(rule, sure, ["first", "second"], Chain);

        var kept = LadderRun.Measure(everything, ladder, rule, sure);
        var live = await AutoAsync("both", policy);

        Assert.Equal(Cells(live.Scores), Cells(kept.Scores));
        Assert.Equal((live.Looks, live.Macs), (kept.Looks, kept.Macs));
        Assert.Equal(live.Stops, kept.Stops);
        var outcome = run.Stop(rule, sure, FixedPlans.Right(everything, CropMode.Single));
        Assert.Equal((outcome.Top1, outcome.Looks, outcome.Macs), (kept.Scores.Top1, kept.Looks, kept.Macs));
        Assert.Equal(kept.Scores.Top1 - FixedPlans.Score(everything, CropMode.Single).Top1, outcome.Gained - outcome.Lost, 1e-9);
        Assert.True(live.Stops.Count == 2 || rule == ConfidenceRule.Agreement, "one reason for all would prove little");
    }

    [Fact]
    public async Task Measure_PolicyThatSkipsAPlan_LooksAsTheEngineDoes()
    {
        var policy = new EarlyExitPolicy
        {
            Rounds = [new("10") { Members = ["second"], Confidence = 0.2 }, new("12") { Confidence = 0.2 }, new("1")],
        };
        var table = await TableAsync("both", Plans, name => Ladder.ChainOf(policy, name));

        var kept = LadderRun.Measure(table, Ladder.Of(policy, ["first", "second"]), policy.Rule, [0.2, 0.2]);
        var live = await AutoAsync("both", policy);

        Assert.Equal(Cells(live.Scores), Cells(kept.Scores));
        Assert.Equal(live.Looks, kept.Looks);
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
            using var looks = await LookCollection.GatherAsync(
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

    private async Task<LookTable> TableAsync(string model, IReadOnlyList<CropMode> plans, Func<string, IReadOnlyList<CropMode>> chainOf)
    {
        await using var engine = await LocalEngine.StartAsync(_pair.In(model, "1"), threads: 1);
        using var looks = await LookCollection.GatherAsync(
            engine,
            _pair.Data.HeldOut,
            plans,
            _pair.Beside("kept"),
            _ => { },
            CancellationToken.None
        );
        return looks.Table(Calibrator.Members(engine, calibration: null, chainOf), [.. Enumerable.Range(0, _pair.Data.HeldOut.Count)]);
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
            (picture, answer) => measured.Add(answer, _pair.Data.HeldOut.LabelOf(picture), macs),
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
