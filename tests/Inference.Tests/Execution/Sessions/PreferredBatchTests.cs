using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Scheduling;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Sessions;

public sealed class PreferredBatchTests
{
    // A run of n crops takes fixed + n × each (microseconds).
    [Theory]
    [InlineData(0, 10_000, 32, 1)] // a batch brings nothing
    [InlineData(50, 10_000, 32, 1)] // hardly anything
    [InlineData(1000, 100, 32, 32)] // everything
    [InlineData(1000, 100, 24, 16)] // only doublings are tried
    [InlineData(100, 400, 32, 16)] // the smallest within 1 % of the best
    [InlineData(20_000, 10_000, 32, 4)] // no longer runs than make sense
    [InlineData(1_000_000, 60_000, 32, 1)] // not even two
    public void Measure_CostOfARun_SmallestBatchThatIsNearlyTheFastest(int fixedCost, int each, int maximum, int expected)
    {
        var time = new FakeTimeProvider();
        using var session = new GatedModelSession
        {
            Fault = (_, count) => time.Advance(TimeSpan.FromMicroseconds(fixedCost + (count * each))),
        };

        var measured = new List<(int Rows, TimeSpan Run)>();
        var (preferred, largest) = PreferredBatch.Measure(
            session,
            PoolFixture.Layout,
            BatchSizes.UpTo(maximum),
            time,
            (rows, run) => measured.Add((rows, run))
        );

        Assert.Equal((expected, maximum), (preferred, largest));
        Assert.All(measured, one => Assert.Equal(fixedCost + (one.Rows * each), one.Run.TotalMicroseconds, tolerance: 1.0));
    }

    [Fact]
    public void Measure_SizesAreFixed_TriesThoseOnly()
    {
        var time = new FakeTimeProvider();
        using var session = new GatedModelSession { Fault = (_, count) => time.Advance(TimeSpan.FromMicroseconds(10 + (count * 100))) };
        var tried = new List<int>();

        Assert.Equal(
            (6, 7),
            PreferredBatch.Measure(session, PoolFixture.Layout, BatchSizes.Only(3, 6, 7), time, (rows, _) => tried.Add(rows))
        );
        Assert.Equal([3, 6, 7], tried);
    }

    [Fact]
    public void Measure_MemoryRunsOut_StopsAtWhatFitted()
    {
        var time = new FakeTimeProvider();
        using var session = new GatedModelSession { Fault = (_, count) => Use(time, count) };

        Assert.Equal((8, 8), PreferredBatch.Measure(session, PoolFixture.Layout, BatchSizes.UpTo(64), time, (_, _) => { }));

        static void Use(FakeTimeProvider time, int count)
        {
            if (count > 10)
                throw new InvalidOperationException("Failed to allocate memory for requested buffer of size 1048576");
            time.Advance(TimeSpan.FromMilliseconds(10));
        }
    }
}
