using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class PlainResizeTests
{
    [Fact]
    public void Area_HalfTheSize_IsTheMeanOfEachFour()
    {
        var target = new byte[3 * 2];
        PlainResize.Area(Image(4, 2, (x, y) => (byte)((40 * x) + (10 * y))), 4, 2, target, 2, 1);

        Assert.Equal([25, 25, 25, 105, 105, 105], target);
    }

    [Fact]
    public void Area_TwoOfThree_CountsPartsOfPixelsInPart()
    {
        // Three pixels on two: the first covers one and a half of them.
        var target = new byte[3 * 2];
        PlainResize.Area(Image(3, 1, (x, _) => (byte)(x * 60)), 3, 1, target, 2, 1);

        Assert.Equal([20, 20, 20, 100, 100, 100], target);
    }

    [Theory]
    [InlineData(7, 5, 3, 4)]
    [InlineData(5, 9, 11, 2)]
    [InlineData(2, 2, 8, 8)]
    [InlineData(1, 1, 3, 3)]
    public void Area_AnySize_KeepsTheMean(int width, int height, int newWidth, int newHeight)
    {
        var source = Image(width, height, (x, y) => (byte)((37 * x) ^ (91 * y)));
        var target = new byte[3 * newWidth * newHeight];
        PlainResize.Area(source, width, height, target, newWidth, newHeight);

        Assert.Equal(source.Average(value => value), target.Average(value => value), 0.5);
    }

    [Fact]
    public void Nearest_Larger_RepeatsPixels()
    {
        var target = new byte[3 * 4 * 2];
        PlainResize.Nearest(Image(2, 1, (x, _) => (byte)(x + 1)), 2, 1, target, 4, 2);

        Assert.Equal([1, 1, 2, 2, 1, 1, 2, 2], target.Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void Nearest_Smaller_TakesTheMiddles()
    {
        var target = new byte[3 * 2];
        PlainResize.Nearest(Image(6, 1, (x, _) => (byte)x), 6, 1, target, 2, 1);

        Assert.Equal([1, 4], target.Where((_, i) => i % 3 == 0));
    }

    private static byte[] Image(int width, int height, Func<int, int, byte> value) =>
        [.. Enumerable.Range(0, width * height).SelectMany(pixel => Enumerable.Repeat(value(pixel % width, pixel / width), 3))];
}
