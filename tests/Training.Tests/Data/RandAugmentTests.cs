using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class RandAugmentTests
{
    private const int Side = 8;
    private static readonly byte[] Grey = [7, 7, 7];

    [Fact]
    public void Warp_Shift_MovesAndFills()
    {
        var pixels = Numbered();
        RandAugment.Warp(new Rgb8(pixels, Side), 1, 0, 0, 1, shiftX: 2, shiftY: 0, Grey);

        Assert.Equal(Numbered()[(3 * 2)..(3 * Side)], pixels[..(3 * (Side - 2))]);
        Assert.Equal(Grey, pixels[(3 * (Side - 1))..(3 * Side)]);
    }

    /// <summary>A quarter turn takes the upper right corner to the upper left.</summary>
    [Fact]
    public void Warp_QuarterTurn_TurnsAboutTheCentre()
    {
        var pixels = Numbered();
        RandAugment.Warp(new Rgb8(pixels, Side), 0, -1, 1, 0, 0, 0, Grey);

        Assert.Equal(Numbered()[(3 * (Side - 1))..(3 * Side)], pixels[..3]);
        Assert.DoesNotContain(Grey, pixels.Chunk(3));
    }

    [Fact]
    public void Stretch_EachChannel_SpansEverything()
    {
        byte[] pixels = [10, 100, 5, 20, 150, 5, 30, 200, 5, 10, 100, 5];
        RandAugment.Stretch(pixels);

        Assert.Equal([0, 0, 5, 127, 127, 5, 255, 255, 5, 0, 0, 5], pixels);
    }

    /// <summary>Pillow 11's <c>ImageOps.equalize</c> of the same 16 × 16 image.</summary>
    [Fact]
    public void Equalise_TwoThirdsDark_IsPillows()
    {
        var pixels = Enumerable.Range(0, 768).SelectMany(i => new byte[] { (byte)(i % 3), (byte)(i % 3), (byte)(i % 3) }).ToArray();
        RandAugment.Equalise(pixels);

        // 256 pixels of each level, step (768 − 256) / 255 = 2: levels at (1 + sum) / 2, at most 255.
        Assert.Equal([0, 128, 255], pixels.Distinct().Order().Select(value => (int)value));
    }

    [Fact]
    public void Distort_StrengthAndSeed_DecideHowMuch()
    {
        Assert.Equal(Distorted(1, 0.5), Distorted(1, 0.5));
        Assert.NotEqual(Distorted(1, 0.5), Distorted(2, 0.5));
        var (weak, strong) = (
            Enumerable.Range(0, 50).Average(seed => Difference(Distorted(seed, 0.1))),
            Enumerable.Range(0, 50).Average(seed => Difference(Distorted(seed, 1)))
        );
        Assert.True(weak < 0.7 * strong, $"{weak} {strong}");
    }

    private static double Difference(byte[] pixels) => Numbered().Zip(pixels, (one, two) => Math.Abs(one - two)).Average();

    private static byte[] Distorted(int seed, double strength)
    {
        var pixels = Numbered();
        var random = SplitMix64.At(seed);
        RandAugment.Distort(new Rgb8(pixels, Side), operations: 2, strength, Grey, ref random);
        return pixels;
    }

    private static byte[] Numbered() => [.. Enumerable.Range(0, 3 * Side * Side).Select(value => (byte)(40 + (value * 5 / 6)))];
}
