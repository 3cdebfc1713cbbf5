using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Tests.Scheduling;

public sealed class PoolForecastTests
{
    // crops, sessions, largest batch, running, seconds under way => seconds, where a run of n rows takes 1 + n
    [Theory]
    [InlineData(1, 1, 8, 0, 0, 2)] // at once
    [InlineData(8, 1, 8, 0, 0, 9)]
    [InlineData(9, 1, 8, 0, 0, 18)] // eight, then one, and others who come meanwhile
    [InlineData(1, 1, 8, 1, 5, 7)] // behind the run under way
    [InlineData(1, 2, 8, 1, 5, 2)] // beside it
    [InlineData(1, 2, 8, 2, 6, 5)] // behind the sooner of two, about half
    [InlineData(10, 2, 8, 0, 0, 6)] // five and five
    [InlineData(16, 2, 8, 0, 0, 9)]
    [InlineData(32, 2, 8, 0, 0, 22.5)] // the last of four starts when three have been shared by two
    public void SecondsToFinish_Row_AsWritten(int crops, int sessions, int largest, int running, double underway, double expected) =>
        Assert.Equal(
            expected,
            new PoolForecast(new(1, 1), BatchSizes.UpTo(largest), sessions, running, underway).SecondsToFinish(crops),
            1e-9
        );

    [Fact]
    public void SecondsToFinish_CostUnknown_AtOnce() =>
        Assert.Equal(0, new PoolForecast(default, BatchSizes.UpTo(8), 2).SecondsToFinish(100));

    [Fact]
    public void SecondsToPromise_RunsVary_LeavesRoomThatShrinksWithTheNumberOfRuns()
    {
        var forecast = new PoolForecast(new(0, 1), BatchSizes.UpTo(1), 1) { Spread = new(1.5, 0.1) };

        Assert.Equal(1.5 + (3 * 0.1 * Math.Sqrt(1.5)), forecast.SecondsToPromise(1), 1e-9);
        Assert.Equal(150 + (3 * 0.1 * Math.Sqrt(150)), forecast.SecondsToPromise(100), 1e-9);
    }

    [Fact]
    public void SecondsToFinish_OneCropMore_IsNeverSooner() =>
        Check((forecast, crops) => forecast.SecondsToFinish(crops + 1) >= forecast.SecondsToFinish(crops) - 1e-12);

    [Fact]
    public void SecondsAtLeast_AnySituation_IsNoMoreThanWhatIsExpected() =>
        Check((forecast, crops) => forecast.SecondsAtLeast(crops, batch: 1) <= forecast.SecondsToFinish(crops) + 1e-12);

    /// <summary>The forecast against a pool that is played through, batch by batch.</summary>
    [Fact]
    public void SecondsToFinish_IdlePool_IsWithinARunOfTheTruthAndNotBelowIt() =>
        Check(
            (forecast, crops) =>
            {
                var idle = forecast with { Running = 0, Underway = 0 };
                var free = new PriorityQueue<int, double>(Enumerable.Range(0, idle.Sessions).Select(session => (session, 0.0)));
                var end = 0.0;
                for (var left = crops; left > 0; )
                {
                    free.TryDequeue(out var session, out var at);
                    var sharers = 1 + free.UnorderedItems.Count(other => other.Priority <= at);
                    var share = Math.Min(((left - 1) / sharers) + 1, idle.Sizes.Maximum);
                    at += idle.Cost.Seconds(share);
                    end = Math.Max(end, at);
                    free.Enqueue(session, at);
                    left -= share;
                }

                return idle.SecondsToFinish(crops) - end is var over
                    && over >= -1e-9
                    && over <= idle.Cost.Seconds(idle.Sizes.Maximum) + 1e-9;
            }
        );

    private static void Check(Func<PoolForecast, int, bool> holds)
    {
        var cases =
            from fixedCost in Gen.Choose(0, 20)
            from rowCost in Gen.Choose(1, 20)
            from largest in Gen.Choose(1, 64)
            from sessions in Gen.Choose(1, 8)
            from running in Gen.Choose(0, sessions)
            from underway in Gen.Choose(0, 40)
            from crops in Gen.Choose(1, 600)
            select (
                new PoolForecast(new(fixedCost, rowCost), BatchSizes.UpTo(largest), sessions, running, running == 0 ? 0 : underway),
                crops
            );
        Prop.ForAll(cases.ToArbitrary(), one => holds(one.Item1, one.crops)).QuickCheckThrowOnFailure();
    }
}
