using Saccade.Bench.Cluster;

namespace Saccade.Bench.Tests.Cluster;

public sealed class RunLengthTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Next_ManyLengths_HaveMeanOneAndTheDeviation(double deviation)
    {
        var lengths = new RunLength(deviation, new Random(1));
        var drawn = Enumerable.Range(0, 200_000).Select(_ => lengths.Next()).ToList();

        var mean = drawn.Average();
        Assert.Equal(1, mean, 0.01);
        Assert.Equal(deviation, Math.Sqrt(drawn.Average(length => (length - mean) * (length - mean))), 0.01);
        Assert.All(drawn, length => Assert.True(length > 0));
    }

    /// <summary>A deviation of 1 is the exponential distribution, of which 1/e is longer than the mean.</summary>
    [Fact]
    public void Next_DeviationOne_IsExponential()
    {
        var lengths = new RunLength(1, new Random(1));
        var longer = Enumerable.Range(0, 200_000).Count(_ => lengths.Next() > 1) / 200_000.0;

        Assert.Equal(Math.Exp(-1), longer, 0.005);
    }
}
