using Saccade.Inference.Aggregation;

namespace Saccade.Inference.Tests.Aggregation;

public sealed class ScoreAggregatorTests
{
    [Fact]
    public void WriteMean_TwoCrops_IsTheMeanOfTheirProbabilitiesNotOfTheirLogits()
    {
        using var aggregator = new ScoreAggregator(classes: 2, crops: 2);
        Assert.True(aggregator.TryAdd(0, [0, 0]));
        Assert.True(aggregator.TryAdd(1, [100, 0]));
        var mean = new float[2];
        aggregator.WriteMean(mean);
        Assert.Equal([0.75f, 0.25f], mean);
    }

    [Fact]
    public void WriteMean_AnyOrderOfArrival_IsTheSameToTheBit()
    {
        const int Classes = 103;
        const int Crops = 10;
        var random = new Random(7);
        float[][] logits = [.. Enumerable.Range(0, Crops).Select(_ => Enumerable.Range(0, Classes).Select(_ => (random.NextSingle() - 0.5f) * 30).ToArray())];
        float[] expected = Mean(Enumerable.Range(0, Crops));
        for (int round = 0; round < 20; round++)
        {
            int[] order = [.. Enumerable.Range(0, Crops)];
            random.Shuffle(order);
            Assert.Equal(expected, Mean(order));
        }

        Assert.Equal(1, expected.Sum(), 1e-4);

        float[] Mean(IEnumerable<int> order)
        {
            using var aggregator = new ScoreAggregator(Classes, Crops);
            foreach (int crop in order)
            {
                Assert.False(aggregator.IsComplete);
                aggregator.TryAdd(crop, logits[crop]);
            }

            Assert.True(aggregator.IsComplete);
            var mean = new float[Classes];
            aggregator.WriteMean(mean);
            return mean;
        }
    }

    [Fact]
    public void TryAdd_ManyThreads_CountsEveryCropOnce()
    {
        using var aggregator = new ScoreAggregator(5, 144);
        Parallel.For(0, 144, crop => Assert.True(aggregator.TryAdd(crop, [crop, 0, 0, 0, 0])));
        Assert.True(aggregator.IsComplete);
    }

    [Fact]
    public void TryAdd_NotANumber_IsRefusedAndTheCropStaysMissing()
    {
        using var aggregator = new ScoreAggregator(2, 1);
        Assert.False(aggregator.TryAdd(0, [float.NaN, 0]));
        Assert.False(aggregator.IsComplete);
        Assert.Throws<InvalidOperationException>(() => aggregator.WriteMean(new float[2]));
    }

    [Fact]
    public void TryAdd_SameCropTwice_Throws()
    {
        using var aggregator = new ScoreAggregator(2, 2);
        aggregator.TryAdd(1, [0, 0]);
        Assert.Throws<InvalidOperationException>(() => aggregator.TryAdd(1, [0, 0]));
    }
}
