using Saccade.Bench.Load;

namespace Saccade.Bench.Tests.Load;

public sealed class PercentilesTests
{
    [Fact]
    public void Of_OneToAHundredMilliseconds_AreTheNearestRanks()
    {
        var ranks = Percentiles.Of(Enumerable.Range(1, 100).Reverse().Select(value => TimeSpan.FromMilliseconds(value)));

        Assert.Equal(new Percentiles(50, 95, 99, 100), ranks);
    }

    [Fact]
    public void Of_OneValue_IsThatValueAtEveryRank() =>
        Assert.Equal(new Percentiles(7, 7, 7, 7), Percentiles.Of([TimeSpan.FromMilliseconds(7)]));

    [Fact]
    public void Of_OneSlowRequestInAHundred_LeavesItToTheMaximum()
    {
        var ranks = Percentiles.Of([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(1), 99), TimeSpan.FromSeconds(1)]);

        Assert.Equal((1, 1000), (ranks.P99, ranks.Max));
    }

    [Fact]
    public void Of_Nothing_IsNoNumber()
    {
        var ranks = Percentiles.Of([]);

        Assert.All([ranks.P50, ranks.P95, ranks.P99, ranks.Max], rank => Assert.True(double.IsNaN(rank)));
    }
}
