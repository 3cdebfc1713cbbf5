using System.Numerics;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Tests.Processes;

public sealed class CoreSplitTests
{
    [Theory]
    [InlineData(0b11, 0b01, 0b10)]
    [InlineData(0b1111_0000, 0b0111_0000, 0b1000_0000)] // whichever they are
    [InlineData(0b1_1111_1111, 0b0_0111_1111, 0b1_1000_0000)] // nine: two load seven
    [InlineData(ulong.MaxValue, ulong.MaxValue >> 8, 0xFFUL << 56)]
    public void Of_SeveralCores_TheHighestEighthLoadsTheOthers(ulong cores, ulong service, ulong load) =>
        Assert.Equal(new CoreSplit(service, load), CoreSplit.Of(cores));

    [Theory]
    [InlineData(0b1)]
    [InlineData(0b1000)]
    public void Of_OneCore_BothShareIt(ulong cores) => Assert.Equal(new CoreSplit(null, null), CoreSplit.Of(cores));

    [Fact]
    public void Confine_AThread_KeepsItAloneToTheCores()
    {
        var before = Allowed();
        var lowest = before & (~before + 1);
        var cores = Array.Empty<int>();
        var thread = new Thread(() =>
        {
            CoreSplit.Confine(lowest);
            cores = [.. Enumerable.Range(0, 1000).Select(_ => Thread.GetCurrentProcessorId()).Distinct()];
        });
        thread.Start();
        thread.Join();

        Assert.Equal([BitOperations.TrailingZeroCount(lowest)], cores);
        Assert.Equal(before, Allowed());
    }

    private static ulong Allowed()
    {
        var split = CoreSplit.OfThisMachine();
        return (split.Service ?? 1) | (split.Load ?? 1);
    }
}
