using Saccade.Bench.Load;

namespace Saccade.Bench.Tests.Load;

public sealed class ClientTallyTests
{
    [Fact]
    public void Added_OfAnAnswer_IsItsLatencyLessWhatAnyServiceMustDo()
    {
        var tally = new ClientTally();

        tally.Answered(
            TimeSpan.FromMilliseconds(20),
            ServerTiming.Parse("total;dur=19, decode;dur=1, preprocess;dur=0.5, queue;dur=3, inference;dur=14")
        );

        Assert.Equal([TimeSpan.FromMilliseconds(4.5)], tally.Added);
        Assert.Equal(3, tally.StageSums["queue"]);
    }

    [Theory]
    [InlineData("total;dur=2.5, decode;dur=1", 2.5)]
    [InlineData("decode;dur=1", double.NaN)]
    [InlineData(null, double.NaN)]
    public void Total_OfAHeader_IsThatMetric(string? header, double expected) => Assert.Equal(expected, ServerTiming.Total(header));
}
