using Saccade.Inference.Aggregation;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Tests.Aggregation;

public sealed class SigmoidTests
{
    [Fact]
    public void TryCompute_Logits_AreProbabilitiesThatNeedNotSumToOne()
    {
        var probabilities = new float[3];

        Assert.True(Sigmoid.TryCompute([0, 100, -100], probabilities));
        Assert.Equal([0.5f, 1, 0], probabilities.Select(value => MathF.Round(value, 6)));
    }

    [Fact]
    public void TryCompute_Temperature_DividesTheLogits()
    {
        var (hot, plain) = (new float[1], new float[1]);
        Sigmoid.TryCompute([3], hot, temperature: 2);
        Sigmoid.TryCompute([1.5f], plain);

        Assert.Equal(plain[0], hot[0], 1e-6);
    }

    [Fact]
    public void TryCompute_OneLogitForTwoLabels_IsTheSecond()
    {
        var probabilities = new float[2];

        Assert.True(Sigmoid.TryCompute([MathF.Log(3)], probabilities));
        Assert.Equal(0.25, probabilities[0], 1e-6);
        Assert.Equal(0.75, probabilities[1], 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void TryCompute_NoNumber_IsRefused(float value)
    {
        Assert.False(Sigmoid.TryCompute([0, value], new float[2]));
        Assert.False(Sigmoid.TryTake([0, value], new float[2]));
    }

    [Fact]
    public void TryTake_RoundedBeyondOne_IsPutBack()
    {
        var probabilities = new float[2];

        Assert.True(Sigmoid.TryTake([1.0000001f, -1e-9f], probabilities));
        Assert.Equal([1, 0], probabilities);
    }

    [Fact]
    public void WriteMean_Sigmoid_IsTheMeanOfTheProbabilities()
    {
        using var aggregator = new ScoreAggregator(classes: 2, activation: Activation.Sigmoid);
        aggregator.TryAdd([100, 0]);
        aggregator.TryAdd([0, 0]);
        var mean = new float[2];
        aggregator.WriteMean(mean);

        Assert.Equal(0.75, mean[0], 1e-6);
        Assert.Equal(0.5, mean[1], 1e-6);
    }
}
