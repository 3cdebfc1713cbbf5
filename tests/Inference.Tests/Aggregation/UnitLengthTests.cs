using Saccade.Inference.Aggregation;

namespace Saccade.Inference.Tests.Aggregation;

public sealed class UnitLengthTests
{
    [Theory]
    [InlineData(1f)]
    [InlineData(1e30f)]
    [InlineData(1e-30f)]
    public void Of_AnySize_HasLengthOneAndTheSameDirection(float scale)
    {
        var unit = UnitLength.Of([3 * scale, 0, -4 * scale]);

        Assert.Equal(0.6f, unit[0], 1e-6f);
        Assert.Equal(0, unit[1]);
        Assert.Equal(-0.8f, unit[2], 1e-6f);
    }

    [Fact]
    public void Of_NoDirection_StaysAsItIs()
    {
        Assert.Equal([0, 0], UnitLength.Of([0, 0]));
        Assert.Empty(UnitLength.Of([]));
    }
}
