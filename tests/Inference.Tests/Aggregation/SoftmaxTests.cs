using Saccade.Inference.Aggregation;

namespace Saccade.Inference.Tests.Aggregation;

public sealed class SoftmaxTests
{
    [Fact]
    public void TryCompute_KnownLogits_IsTheTextbookFormula()
    {
        float[] logits = [1, 2, 3, -4];
        var actual = new float[4];
        Assert.True(Softmax.TryCompute(logits, actual));
        double sum = logits.Sum(logit => Math.Exp(logit));
        for (int i = 0; i < logits.Length; i++)
        {
            Assert.Equal(Math.Exp(logits[i]) / sum, actual[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(-1e30f)]
    [InlineData(float.MaxValue)]
    public void TryCompute_HugeLogits_DoNotOverflow(float huge)
    {
        var actual = new float[3];
        Assert.True(Softmax.TryCompute([huge, huge, huge], actual));
        Assert.All(actual, probability => Assert.Equal(1 / 3f, probability, 1e-6f));
    }

    [Fact]
    public void TryCompute_OppositeExtremes_GivesEverythingToTheLarger()
    {
        var actual = new float[2];
        Assert.True(Softmax.TryCompute([float.MinValue, float.MaxValue], actual));
        Assert.Equal([0f, 1f], actual);
    }

    [Fact]
    public void TryCompute_InPlace_IsTheSame()
    {
        float[] apart = new float[37];
        float[] logits = [.. Enumerable.Range(0, 37).Select(i => MathF.Sin(i) * 9)];
        Softmax.TryCompute(logits, apart);
        Softmax.TryCompute(logits, logits);
        Assert.Equal(apart, logits);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void TryCompute_NotFiniteAnywhere_IsFalseAndWritesNothing(float bad)
    {
        for (int at = 0; at < 33; at++)
        {
            var logits = new float[33];
            logits[at] = bad;
            float[] probabilities = [.. Enumerable.Repeat(7f, 33)];
            Assert.False(Softmax.TryCompute(logits, probabilities));
            Assert.All(probabilities, probability => Assert.Equal(7, probability));
        }
    }

    [Fact]
    public void TryCompute_NothingOrWrongLength_Throws()
    {
        Assert.Throws<ArgumentException>(() => Softmax.TryCompute([], []));
        Assert.Throws<ArgumentException>(() => Softmax.TryCompute([1, 2], new float[3]));
    }
}
