using Saccade.Bench.Load;
using Saccade.Bench.Serving;

namespace Saccade.Bench.Tests.Serving;

public sealed class ServingTargetsTests
{
    [Fact]
    public void Of_ARunThatReachesEverything_HasEveryRowMet()
    {
        var rows = ServingTargets.Of(Reports.Of(Reports.Round()));

        Assert.Equal(6, rows.Count);
        Assert.All(rows, row => Assert.True(row.Met, $"{row}"));
    }

    [Fact]
    public void Of_AServiceBelowTheCeiling_SaysByHowMuch()
    {
        var row = ServingTargets.Of(Reports.Of(Reports.Round(rate: 90)))[0];

        Assert.False(row.Met);
        Assert.StartsWith("0.900 at 32 clients", row.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_APeerWithALowerTail_IsNoWin()
    {
        var rows = ServingTargets.Of(Reports.Of(Reports.Round(peerP99: 5)));

        Assert.Equal(["against naive, at 1, 32 clients"], rows.Where(row => !row.Met).Select(row => row.What));
    }

    [Fact]
    public void Of_AnInt8ModelAtTwiceTheBestPeer_IsShortOfThree()
    {
        var row = Assert.Single(
            ServingTargets.Of(Reports.Of(Reports.Round(int8Rate: 100))),
            row => row.What.StartsWith("int8", StringComparison.Ordinal)
        );

        Assert.Equal(("2.00 ×", false), (row.Measured, row.Met));
    }

    [Fact]
    public void Of_APeerThatIsNotInstalled_HasNoRow() =>
        Assert.DoesNotContain(ServingTargets.Of(Reports.Of(Reports.Round())), row => row.What.Contains("node", StringComparison.Ordinal));

    [Theory]
    [InlineData(97, 4, true)]
    [InlineData(90, 4, false)]
    [InlineData(97, 7, false)]
    public void Of_AnOverload_AsksForGoodputAndQuickRefusals(int inTime, double refusalMs, bool met)
    {
        var rows = ServingTargets.Of(Reports.Of(Reports.Round(overloadAnswers: inTime, refusalMs: refusalMs)));

        Assert.Equal(met, Assert.Single(rows, row => row.What.StartsWith("goodput", StringComparison.Ordinal)).Met);
    }

    [Fact]
    public void Of_RoundsWhereOneWasDisturbed_TakesTheMedian()
    {
        var rows = ServingTargets.Of(Reports.Of(Reports.Round(), Reports.Round(rate: 20), Reports.Round()));

        Assert.True(rows[0].Met);
    }

    [Fact]
    public void HighestShare_WhenARateFailsBelowOneThatHolds_IsTheOneBelowTheFailure()
    {
        OpenResult[] results =
        [
            Reports.Open(0.5, late: 0),
            Reports.Open(0.7, late: 0),
            Reports.Open(0.8, late: 50),
            Reports.Open(0.9, late: 0),
        ];

        Assert.Equal(0.7, ServingTargets.HighestShare(results));
        Assert.Equal(0, ServingTargets.HighestShare(results[2..]));
    }
}
