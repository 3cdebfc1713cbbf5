using Saccade.Bench.Soak;

namespace Saccade.Bench.Tests.Soak;

public sealed class SoakReportTests
{
    private static readonly Dictionary<string, double> Nothing = new(StringComparer.Ordinal) { ["saccade_queue_depth"] = 0 };

    [Fact]
    public void Growth_MemoryRisesAfterTheFirstFifth_IsTheSlope()
    {
        var memory = Minutes().Select(at => (at, at < TimeSpan.FromMinutes(12) ? 10 * at.TotalMinutes : 500 + (30 * at.TotalHours)));

        Assert.Equal(30, Report([.. memory]).Growth, precision: 6);
    }

    [Fact]
    public void Faults_ASoundRun_AreNone()
    {
        var good = new SoakTally("good");
        good.Answered(TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
        good.Ended("429");
        var bad = new SoakTally("bad");
        bad.Ended("422");
        bad.Ended("hung up");

        Assert.Empty(Report(Flat(), good, bad).Faults(mostGrowth: 1));
    }

    [Theory]
    [InlineData("503", "422", "503")]
    [InlineData("200", "500", "500")]
    [InlineData("200", "HttpRequestException", "HttpRequestException")]
    [InlineData("HttpRequestException", "422", "HttpRequestException")]
    public void Faults_ARequestThatShouldNotEndSo_IsOne(string goodOutcome, string badOutcome, string told)
    {
        var (good, bad) = (new SoakTally("good"), new SoakTally("bad"));
        good.Ended(goodOutcome);
        bad.Ended(badOutcome);

        Assert.Contains(told, Assert.Single(Report(Flat(), good, bad).Faults(mostGrowth: 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_MemoryGrowsOrIsHeld_AreTold()
    {
        var memory = Minutes().Select(at => (at, 500 + (30 * at.TotalHours)));
        var report = Report([.. memory], new SoakTally("good")) with
        {
            Left = new Dictionary<string, double>(StringComparer.Ordinal) { ["saccade_queue_depth"] = 2 },
        };

        Assert.Equal(2, report.Faults(mostGrowth: 29).Count());
        Assert.Single(report.Faults(mostGrowth: 31));
    }

    private static IEnumerable<TimeSpan> Minutes() => Enumerable.Range(0, 61).Select(minute => TimeSpan.FromMinutes(minute));

    private static (TimeSpan, double)[] Flat() => [.. Minutes().Select(at => (at, 500.0))];

    private static SoakReport Report(IReadOnlyList<(TimeSpan, double)> memory, params SoakTally[] tallies) =>
        new(TimeSpan.FromHours(1), memory, tallies, Nothing);
}
