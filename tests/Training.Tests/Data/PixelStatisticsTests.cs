using Saccade.Inference.Decoding;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class PixelStatisticsTests
{
    [Fact]
    public void Of_TwoImages_IsMeanAndDeviationPerChannel()
    {
        var statistics = PixelStatistics.Of(new TwoImages());

        // Red 0 and 255, green 51 and 102, blue 0 always.
        Assert.Equal([0.5f, 0.3f, 0f], statistics.Mean);
        Assert.Equal([0.5f, 0.1f, 0.0039f], statistics.Std);
    }

    private sealed class TwoImages : IImageSource
    {
        public int Count => 2;

        public int LabelOf(int index) => index;

        public DecodedImage Load(int index) => new(index == 0 ? [0, 51, 0] : [255, 102, 0], 1, 1);
    }
}
