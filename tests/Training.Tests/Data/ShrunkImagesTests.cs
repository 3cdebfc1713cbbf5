using Saccade.Inference.Decoding;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class ShrunkImagesTests
{
    [Theory]
    [InlineData(40, 20, 10, 20, 10)]
    [InlineData(20, 40, 10, 10, 20)]
    [InlineData(28, 28, 7, 7, 7)]
    [InlineData(9, 12, 10, 9, 12)] // smaller already
    public void Load_Image_HasItsShorterSideShrunk(int width, int height, int side, int newWidth, int newHeight)
    {
        using var image = new ShrunkImages(new Grey(width, height), side).Load(0);

        Assert.Equal((newWidth, newHeight), (image.Width, image.Height));
        Assert.All(image.Pixels.ToArray(), value => Assert.Equal(90, value));
    }

    private sealed class Grey(int width, int height) : IImageSource
    {
        public int Count => 1;

        public int LabelOf(int index) => 0;

        public DecodedImage Load(int index) => new([.. Enumerable.Repeat((byte)90, 3 * width * height)], width, height);
    }
}
