using Saccade.Bench.Load;

namespace Saccade.Bench.Tests.Load;

public sealed class PoissonScheduleTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1000);

    [Fact]
    public void Arrivals_OverALongTime_ComeAtTheRateWithTheSpreadOfAPoissonProcess()
    {
        var arrivals = PoissonSchedule.Arrivals(50, Long, seed: 7);

        var gaps = arrivals.Zip(arrivals.Skip(1), (a, b) => (b - a).TotalSeconds).ToArray();
        var mean = gaps.Average();
        var deviation = Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean)));
        Assert.Equal(50, arrivals.Count / Long.TotalSeconds, 1.0);
        Assert.Equal(mean, deviation, 0.02 * mean);
    }

    [Fact]
    public void Arrivals_OverALongTime_ClusterAsIndependentClientsDo()
    {
        var perSecond = PoissonSchedule
            .Arrivals(20, Long, seed: 3)
            .GroupBy(at => (int)at.TotalSeconds)
            .Select(group => (double)group.Count())
            .ToArray();

        // Of a Poisson process counts vary by their mean; evenly spaced arrivals would not vary at all.
        var mean = perSecond.Average();
        Assert.InRange(perSecond.Average(count => (count - mean) * (count - mean)) / mean, 0.85, 1.15);
    }

    [Fact]
    public void Arrivals_OfOneSeed_AreTheSameAndOfAnotherAreNot()
    {
        var second = TimeSpan.FromSeconds(1);

        Assert.Equal(PoissonSchedule.Arrivals(100, second, 1), PoissonSchedule.Arrivals(100, second, 1));
        Assert.NotEqual(PoissonSchedule.Arrivals(100, second, 1), PoissonSchedule.Arrivals(100, second, 2));
    }

    [Fact]
    public void Arrivals_Always_AscendWithinTheDuration()
    {
        var arrivals = PoissonSchedule.Arrivals(500, TimeSpan.FromSeconds(2), seed: 11);

        Assert.Equal(arrivals.Order(), arrivals);
        Assert.All(arrivals, at => Assert.InRange(at, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Arrivals_WithoutARate_AreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PoissonSchedule.Arrivals(0, Long, 1));
}
