using Saccade.Api.WarmUp;

namespace Saccade.Api.Tests.WarmUp;

public sealed class CompilerRestTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void Reached_MethodsAreCompiledAllTheTime_Never()
    {
        var rest = new CompilerRest();

        for (var round = 1; round <= 1000; round++)
            Assert.False(rest.Reached(round, round * Tick, methods: 1000 + (2 * round)));
    }

    [Theory]
    [InlineData(5, CompilerRest.LeastRounds)]
    [InlineData(32, 32 + 15)]
    [InlineData(39, 39 + 15)]
    public void Reached_CompiledOnceMore_AfterTheQuietTimeAndNotBeforeForty(int compiled, int reached)
    {
        var rest = new CompilerRest();

        Assert.Equal(reached, Enumerable.Range(1, 200).First(round => rest.Reached(round, round * Tick, round < compiled ? 1000 : 1500)));
    }

    [Fact]
    public void Reached_RoundsTakeNoTime_WaitsForTheBackground()
    {
        var rest = new CompilerRest();
        rest.Reached(1, TimeSpan.Zero, methods: 1000);

        Assert.False(rest.Reached(500, CompilerRest.QuietTime - Tick, methods: 1000));
        Assert.True(rest.Reached(501, CompilerRest.QuietTime, methods: 1000));
    }

    [Fact]
    public void Reached_RoundsTakeLong_WaitsForTenOfThem()
    {
        var rest = new CompilerRest();
        rest.Reached(40, TimeSpan.Zero, methods: 1000);

        Assert.False(rest.Reached(49, 9 * CompilerRest.QuietTime, methods: 1000));
        Assert.True(rest.Reached(50, 10 * CompilerRest.QuietTime, methods: 1000));
    }

    [Fact]
    public void Reached_AMethodNowAndThen_Counts()
    {
        var rest = new CompilerRest();
        rest.Reached(1, Tick, methods: 1000);

        Assert.True(rest.Reached(CompilerRest.LeastRounds, 100 * Tick, methods: 1010));
    }
}
