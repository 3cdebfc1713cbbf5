using Saccade.Training.Evaluation;
using Xunit;

namespace Saccade.Training.Tests.Evaluation;

public sealed class ReliabilityBinsTests
{
    [Fact]
    public void Error_NoAnswers_IsZero() => Assert.Equal(0, new ReliabilityBins().Error);

    [Theory]
    [InlineData(0.8, 8, 10, 0)] // four in five, as they say
    [InlineData(0.8, 5, 10, 0.3)]
    [InlineData(1.0, 10, 10, 0)]
    [InlineData(1.0, 0, 10, 1)]
    [InlineData(0.0, 10, 10, 1)]
    public void Error_OneProbability_IsItsDifferenceFromTheShareThatWasRight(double probability, int right, int answers, double error)
    {
        var bins = new ReliabilityBins();
        for (var answer = 0; answer < answers; answer++)
            bins.Add(probability, answer < right);

        Assert.Equal(error, bins.Error, 1e-12);
    }

    [Fact]
    public void Error_TwoBins_CountByTheirAnswers()
    {
        var bins = new ReliabilityBins();
        for (var answer = 0; answer < 30; answer++)
            bins.Add(0.95, right: true); // 0.05 off
        for (var answer = 0; answer < 10; answer++)
            bins.Add(0.5, right: false); // 0.5 off

        Assert.Equal(((30 * 0.05) + (10 * 0.5)) / 40, bins.Error, 1e-12);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-3)]
    [InlineData(7)]
    public void Add_NoProbability_DoesNotBreakTheCounting(double score)
    {
        var bins = new ReliabilityBins();
        bins.Add(score, right: true);
        bins.Add(0.5, right: true);
    }

    [Fact]
    public void Filled_SomeBins_AreTheirMeans()
    {
        var bins = new ReliabilityBins();
        bins.Add(0.95, right: true);
        bins.Add(0.97, right: false);
        bins.Add(0.31, right: true);

        Assert.Equal([1, 2], bins.Filled.Select(bin => bin.Answers));
        Assert.Equal([1, 0.5], bins.Filled.Select(bin => bin.Right));
        Assert.Equal(0.96, bins.Filled[1].Probability, 1e-12);
    }
}
