using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class RandomBoxTests
{
    [Theory]
    [InlineData(28, 28, 0.08)]
    [InlineData(500, 375, 0.08)]
    [InlineData(64, 48, 0.7)]
    public void Draw_ManyBoxes_LieInTheImageWithAreaAndAspectInRange(int width, int height, double minArea)
    {
        const double MaxAspect = 4.0 / 3;
        var areas = new List<double>();
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = SplitMix64.At(seed);
            if (RandomBox.Draw(width, height, (minArea, 1), MaxAspect, ref random) is not { } box)
                continue;

            Assert.True(
                box is { Left: >= 0, Top: >= 0, Width: >= 1, Height: >= 1 }
                    && box.Left + box.Width <= width
                    && box.Top + box.Height <= height
            );

            // Sides are rounded to whole pixels, so both bounds hold to half a pixel on either side.
            Assert.InRange((box.Width + 0.5) / (box.Height - 0.5), 1 / MaxAspect, double.MaxValue);
            Assert.InRange((box.Width - 0.5) / (box.Height + 0.5), 0, MaxAspect);
            Assert.InRange((box.Width + 0.5) * (box.Height + 0.5) / (width * height), minArea, double.MaxValue);
            areas.Add((double)box.Width * box.Height / (width * height));
        }

        Assert.True(areas.Count > 1_500);
        Assert.InRange(areas.Min(), minArea - 0.05, minArea + 0.1);
        Assert.InRange(areas.Max(), 0.9, 1);
    }

    [Fact]
    public void Draw_ImageOfOnePixel_GivesThatPixelOrNothing()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = SplitMix64.At(seed);
            Assert.True(RandomBox.Draw(1, 1, (0.08, 1), 4.0 / 3, ref random) is null or { Left: 0, Top: 0, Width: 1, Height: 1 });
        }
    }
}
