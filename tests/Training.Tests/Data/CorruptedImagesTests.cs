using Saccade.Inference.Decoding;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class CorruptedImagesTests
{
    private const int Width = 64;
    private const int Height = 32;

    [Theory]
    [MemberData(nameof(All))]
    public void Load_AnyCorruption_KeepsSizeAndLabelAndIsTheSameEveryTime(Corruption corruption)
    {
        CorruptedImages images = new(new Checkers(low: 40, high: 200), corruption);

        Assert.Equal((2, 1), (images.Count, images.LabelOf(1)));
        using var image = images.Load(1);
        Assert.Equal((Width, Height), (image.Width, image.Height));
        Assert.Equal(Pixels(images, 1), image.Pixels.ToArray());
        Assert.NotEqual(Pixels(new Checkers(40, 200), 1), image.Pixels.ToArray());
    }

    public static TheoryData<Corruption> All => [.. Enum.GetValues<Corruption>()];

    [Fact]
    public void Load_Noise_HasItsDeviationAndDiffersFromImageToImage()
    {
        CorruptedImages images = new(new Checkers(low: 128, high: 128), Corruption.Noise);

        var first = Pixels(images, 0);
        var second = Pixels(images, 1);

        Assert.NotEqual(first, second);
        double[] differences = [.. first.Concat(second).Select(value => value - 128.0)];
        Assert.InRange(differences.Average(), -1, 1); // of 12,288 draws its deviation is 0.18
        Assert.InRange(Math.Sqrt(differences.Average(value => value * value)), 19.4, 21.4);
    }

    [Fact]
    public void Load_Blur_KeepsTheMeanAndTakesTheContrast()
    {
        var clean = Pixels(new Checkers(40, 200), 0);
        var blurred = Pixels(new CorruptedImages(new Checkers(40, 200), Corruption.Blur), 0);

        Assert.Equal(Mean(clean), Mean(blurred), 1.0);
        Assert.InRange(Deviation(blurred), 0, 0.5 * Deviation(clean));
    }

    [Fact]
    public void Load_Jpeg_StaysNearTheImage()
    {
        var clean = Pixels(new Checkers(40, 200), 0);
        var compressed = Pixels(new CorruptedImages(new Checkers(40, 200), Corruption.Jpeg), 0);

        Assert.InRange(clean.Zip(compressed, (before, after) => Math.Abs(before - after)).Average(), 0.01, 40);
    }

    [Theory]
    [InlineData(Corruption.Dark, 20, 100)]
    [InlineData(Corruption.Bright, 60, 255)]
    public void Load_Brightness_ScalesAndCutsOff(Corruption corruption, byte low, byte high)
    {
        var pixels = Pixels(new CorruptedImages(new Checkers(low: 40, high: 200), corruption), 0);

        Assert.Equal([low, high], pixels.Distinct().Order());
    }

    private static byte[] Pixels(IImageSource images, int index)
    {
        using var image = images.Load(index);
        return image.Pixels.ToArray();
    }

    private static double Mean(byte[] pixels) => pixels.Average(value => (double)value);

    private static double Deviation(byte[] pixels)
    {
        var mean = Mean(pixels);
        return Math.Sqrt(pixels.Average(value => Math.Pow(value - mean, 2)));
    }

    /// <summary>Squares of one pixel, dark and bright in turn.</summary>
    private sealed class Checkers(byte low, byte high) : IImageSource
    {
        public int Count => 2;

        public int LabelOf(int index) => index;

        public DecodedImage Load(int index)
        {
            var pixels = new byte[3 * Width * Height];
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = ((i / 3 % Width) + (i / 3 / Width) + index) % 2 == 0 ? low : high;
            return new DecodedImage(pixels, Width, Height);
        }
    }
}
