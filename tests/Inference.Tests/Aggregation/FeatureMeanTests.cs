using Saccade.Inference.Aggregation;

namespace Saccade.Inference.Tests.Aggregation;

public sealed class FeatureMeanTests
{
    [Fact]
    public void Mean_CropsOfDifferentWeight_CountsEachAsOftenAsItCounts()
    {
        var features = new FeatureMean(2);
        Assert.True(features.TryAdd([1, 10]));
        Assert.True(features.TryAdd([4, 40]));

        Assert.Equal([2, 20], features.Mean([2, 1]));
        Assert.Equal([2.5f, 25], features.Mean([1, 1]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void TryAdd_NoFiniteNumber_IsNotCounted(float value)
    {
        var features = new FeatureMean(2);

        Assert.False(features.TryAdd([1, value]));
        Assert.Equal(0, features.Count);
        Assert.Throws<InvalidOperationException>(() => features.Mean([1]));
    }

    [Fact]
    public void Mean_LargestNumbers_StaysFinite()
    {
        var features = new FeatureMean(1);
        for (var crop = 0; crop < 4; crop++)
            Assert.True(features.TryAdd([float.MaxValue]));

        Assert.Equal([float.MaxValue], features.Mean([1, 1, 1, 1]));
    }

    [Fact]
    public void Truncate_LaterCrops_AreForgotten()
    {
        var features = new FeatureMean(1);
        Assert.True(features.TryAdd([1]));
        Assert.True(features.TryAdd([5]));

        features.Truncate(1);

        Assert.Equal([1], features.Mean([1]));
    }
}
