using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Tests.Scheduling;

public sealed class ObjectiveRuleTests
{
    // A run of n rows takes 10 + n ms. Objective (ms), largest batch, sessions, crops per second => largest, enough, delay (ms).
    [Theory]
    [InlineData(1000, 32, 1, 0, 32, 1, 0)] // idle: nobody waits
    [InlineData(1000, 32, 1, 50, 32, 1, 0)] // one at a time keeps up: 1 / 11 ms, of which 80 % count
    [InlineData(1000, 32, 1, 100, 32, 2, 10)] // two do: the second comes after 10 ms
    [InlineData(1000, 32, 2, 100, 32, 1, 0)] // with two sessions, one does again
    [InlineData(1000, 32, 1, 390, 32, 10, 23.0769)] // nine more come in 23 ms
    [InlineData(1000, 32, 1, 5000, 32, 32, 6.2)] // nothing keeps up: full ones do best
    [InlineData(61, 32, 1, 5000, 20, 20, 1)] // two runs of 20 rows leave a millisecond
    [InlineData(51, 32, 1, 390, 15, 10, 11)] // no longer than the objective leaves
    [InlineData(5, 32, 1, 5000, 1, 1, 0)] // an objective that nothing meets is not made worse
    public void Choose_Row_AsWritten(int objective, int maximum, int sessions, double arrivals, int largest, int enough, double delay)
    {
        var aim = ObjectiveRule.Choose(
            TimeSpan.FromMilliseconds(objective),
            new(0.010, 0.001),
            BatchSizes.UpTo(maximum),
            sessions,
            arrivals
        );

        Assert.Equal((largest, enough), (aim.Largest, aim.Enough));
        Assert.Equal(delay, aim.Delay.TotalMilliseconds, 1e-3);
    }

    [Fact]
    public void Choose_FixedSizes_AimsAtThoseOnly()
    {
        var aim = ObjectiveRule.Choose(
            TimeSpan.FromMilliseconds(50),
            new(0.010, 0.001),
            BatchSizes.Only(4, 8, 16, 32),
            sessions: 1,
            arrivals: 400
        );

        Assert.Equal((8, 8), (aim.Largest, aim.Enough));
    }

    [Fact]
    public void Choose_CostUnknown_SendsWhatIsThere() =>
        Assert.Equal(
            new BatchAim(32, 1, TimeSpan.Zero),
            ObjectiveRule.Choose(TimeSpan.FromSeconds(1), default, BatchSizes.UpTo(32), 1, 1000)
        );

    [Fact]
    public void Choose_AnySituation_WaitAndTwoRunsFitOrTheSmallestGoesAtOnce()
    {
        var cases =
            from objective in Gen.Choose(1, 500)
            from fixedCost in Gen.Choose(0, 50)
            from rowCost in Gen.Choose(1, 20)
            from maximum in Gen.Choose(1, 64)
            from sessions in Gen.Choose(1, 4)
            from arrivals in Gen.Choose(0, 5000)
            select (objective * 1e-3, new CostLine(fixedCost * 1e-3, rowCost * 1e-3), maximum, sessions, arrivals);
        Prop.ForAll(
                cases.ToArbitrary(),
                one =>
                {
                    var (objective, cost, maximum, sessions, arrivals) = one;
                    var aim = ObjectiveRule.Choose(TimeSpan.FromSeconds(objective), cost, BatchSizes.UpTo(maximum), sessions, arrivals);
                    var fits = aim.Delay.TotalSeconds + (2 * cost.Seconds(aim.Enough)) <= objective + 1e-6;
                    return aim.Enough <= aim.Largest
                        && aim.Largest <= maximum
                        && (fits || aim is { Enough: 1, Largest: 1 } && aim.Delay == TimeSpan.Zero);
                }
            )
            .QuickCheckThrowOnFailure();
    }
}
