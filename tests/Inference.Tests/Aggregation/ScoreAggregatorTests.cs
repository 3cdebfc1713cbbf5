using Saccade.Inference.Aggregation;

namespace Saccade.Inference.Tests.Aggregation;

public sealed class ScoreAggregatorTests
{
    [Fact]
    public void WriteMean_TwoLooks_IsTheMeanOfTheirProbabilitiesNotOfTheirLogits()
    {
        using var aggregator = new ScoreAggregator(classes: 2);
        Assert.True(aggregator.TryAdd([0, 0]));
        Assert.True(aggregator.TryAdd([100, 0]));

        Assert.Equal([0.75f, 0.25f], Mean(aggregator));
    }

    [Fact]
    public void WriteMean_LooksThatCountSeveralTimes_IsAsIfTheyHadBeenAddedThatOften()
    {
        using var counted = new ScoreAggregator(classes: 2);
        using var repeated = new ScoreAggregator(classes: 2);
        int[] times = [3, 1, 2];
        for (var crop = 0; crop < times.Length; crop++)
        {
            counted.TryAdd([crop, 1.5f]);
            for (var i = 0; i < times[crop]; i++)
                repeated.TryAdd([crop, 1.5f]);
        }

        Assert.Equal(Mean(repeated)[0], Mean(counted, times)[0], 1e-6);
        Assert.Equal(repeated.Agreement(1), counted.Agreement(1, times));
        Assert.Equal(4 / 6.0, counted.Agreement(1, times), 1e-12);
    }

    [Fact]
    public void WriteMean_ManyLooks_GrowsAndKeepsThemAll()
    {
        const int Classes = 103;
        const int Crops = 300;
        var random = new Random(7);
        using var aggregator = new ScoreAggregator(Classes);
        var expected = new double[Classes];
        for (var crop = 0; crop < Crops; crop++)
        {
            float[] logits = [.. Enumerable.Range(0, Classes).Select(_ => (random.NextSingle() - 0.5f) * 30)];
            var exponentials = logits.Select(logit => Math.Exp(logit)).ToArray();
            for (var index = 0; index < Classes; index++)
                expected[index] += exponentials[index] / exponentials.Sum() / Crops;
            Assert.True(aggregator.TryAdd(logits));
        }

        Assert.Equal(Crops, aggregator.Count);
        Assert.All(Mean(aggregator).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void TryAdd_Temperature_DividesTheLogits(double temperature)
    {
        using var heated = new ScoreAggregator(3, temperature);
        using var plain = new ScoreAggregator(3);
        heated.TryAdd([1, 2, 4]);
        plain.TryAdd([(float)(1 / temperature), (float)(2 / temperature), (float)(4 / temperature)]);

        Assert.All(Mean(heated).Zip(Mean(plain)), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void TryAdd_NotANumber_IsRefusedAndNotCounted()
    {
        using var aggregator = new ScoreAggregator(2);
        Assert.False(aggregator.TryAdd([float.NaN, 0]));
        Assert.Equal(0, aggregator.Count);
        Assert.Throws<InvalidOperationException>(() => aggregator.WriteMean(new float[2]));
    }

    [Fact]
    public void Truncate_LaterLooks_AreForgotten()
    {
        using var aggregator = new ScoreAggregator(2);
        aggregator.TryAdd([0, 0]);
        aggregator.TryAdd([100, 0]);
        aggregator.Truncate(1);

        Assert.Equal([0.5f, 0.5f], Mean(aggregator));
    }

    private static float[] Mean(ScoreAggregator aggregator, int[]? times = null)
    {
        var mean = new float[aggregator.Classes];
        aggregator.WriteMean(mean, times);
        return mean;
    }
}
