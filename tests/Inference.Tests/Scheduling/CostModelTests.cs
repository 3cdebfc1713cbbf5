using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Tests.Scheduling;

public sealed class CostModelTests
{
    private static readonly int[] Sizes = [1, 2, 3, 5, 8, 13, 16, 24, 32];

    [Fact]
    public void Line_NothingObserved_SaysSo() => Assert.False(new CostModel().Line.IsKnown);

    [Fact]
    public void Observe_RunsOnALine_FindsTheLine() =>
        Check(
            (line, random) =>
            {
                var model = new CostModel();
                for (var i = 0; i < 40; i++)
                    Run(model, line, Sizes[random.Next(Sizes.Length)], 1);
                return Sizes.All(size => Near(model.Line.Seconds(size), line.Seconds(size), 0.01));
            }
        );

    [Fact]
    public void Observe_SixOfFifteenRunsFarOff_FindsTheLineAllTheSame() =>
        Check(
            (line, random) =>
            {
                var model = new CostModel();
                foreach (var size in new[] { 1, 4, 16 })
                {
                    var order = Enumerable.Range(0, 15).ToArray();
                    random.Shuffle(order);
                    foreach (var i in order)
                        Run(model, line, size, i < 6 ? Math.Pow(10, (random.NextDouble() * 6) - 3) : 0.97 + (random.NextDouble() * 0.06));
                }

                return new[] { 1, 4, 16 }.All(size => Near(model.Line.Seconds(size), line.Seconds(size), 0.12));
            }
        );

    [Fact]
    public void Observe_MachineBecomesSlower_FollowsWithinEightRunsOfEachSize() =>
        Check(
            (line, random) =>
            {
                var model = new CostModel();
                var factor = 1 + (random.NextDouble() * 9);
                foreach (var size in new[] { 1, 8, 32 })
                    Repeat(15, () => Run(model, line, size, 1));
                foreach (var size in new[] { 1, 8, 32 })
                    Repeat(8, () => Run(model, line, size, factor));
                return new[] { 1, 8, 32 }.All(size => Near(model.Line.Seconds(size), factor * line.Seconds(size), 0.01));
            }
        );

    [Fact]
    public void Line_AnythingObserved_IsFiniteAndNeverFalls()
    {
        var runs = from rows in Gen.Choose(1, 1024) from microseconds in Gen.Choose(0, 10_000_000) select (rows, microseconds);
        Prop.ForAll(
                runs.NonEmptyListOf().ToArbitrary(),
                observed =>
                {
                    var model = new CostModel();
                    foreach (var (rows, microseconds) in observed)
                        model.Observe(rows, TimeSpan.FromMicroseconds(microseconds));
                    return double.IsFinite(model.Line.Fixed + model.Line.PerRow)
                        && model.Line is { Fixed: >= 0, PerRow: >= 0 }
                        && model.Line.IsKnown == observed.Any(run => run.microseconds > 0);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Observe_OneSizeOnly_OthersCostInProportion()
    {
        var model = new CostModel();
        Repeat(5, () => model.Observe(4, TimeSpan.FromMilliseconds(8)));

        Assert.Equal(0.032, model.Line.Seconds(16), 1e-9);
    }

    [Fact]
    public void Observe_SizeNotRunForLong_CountsLess()
    {
        var model = new CostModel();
        Repeat(15, () => model.Observe(1, TimeSpan.FromMilliseconds(1)));
        Repeat(
            3000,
            () =>
            {
                model.Observe(8, TimeSpan.FromMilliseconds(20));
                model.Observe(16, TimeSpan.FromMilliseconds(36));
            }
        );

        Assert.Equal(0.020, model.Line.Seconds(8), 1e-4);
        Assert.Equal(0.036, model.Line.Seconds(16), 1e-4);
    }

    [Fact]
    public void Spread_OneRunInTenTakesTwice_MeanAndDeviationSaySo()
    {
        var model = new CostModel();
        for (var i = 0; i < 3000; i++)
            model.Observe(4, TimeSpan.FromMilliseconds(i % 10 == 0 ? 20 : 10));

        Assert.Equal(10e-3, model.Line.Seconds(4), 1e-6);
        Assert.Equal(1.1, model.Spread.Mean, 0.02);
        Assert.Equal(0.3, model.Spread.Deviation, 0.02);
    }

    [Fact]
    public void Spread_OneRunTakesAMinute_IsNotRememberedForLong()
    {
        var model = new CostModel();
        Repeat(300, () => model.Observe(1, TimeSpan.FromMilliseconds(10)));

        model.Observe(1, TimeSpan.FromMinutes(1));

        Assert.InRange(model.Spread.Deviation, 0.01, 0.2);
        Assert.InRange(model.Spread.Mean, 1, 1.02);
    }

    private static void Run(CostModel model, CostLine line, int rows, double factor) =>
        model.Observe(rows, TimeSpan.FromSeconds(line.Seconds(rows) * factor));

    private static bool Near(double actual, double expected, double tolerance) => Math.Abs(actual - expected) <= tolerance * expected;

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
            action();
    }

    private static void Check(Func<CostLine, Random, bool> holds)
    {
        var cases =
            from fixedMicroseconds in Gen.Choose(0, 20_000)
            from rowMicroseconds in Gen.Choose(50, 20_000)
            from seed in Gen.Choose(0, int.MaxValue)
            select (new CostLine(fixedMicroseconds * 1e-6, rowMicroseconds * 1e-6), seed);
        Prop.ForAll(cases.ToArbitrary(), one => holds(one.Item1, new Random(one.seed))).QuickCheckThrowOnFailure();
    }
}
