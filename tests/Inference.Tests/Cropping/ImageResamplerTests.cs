using System.Globalization;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Inference.Models;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Cropping;

public sealed class ImageResamplerTests
{
    public static TheoryData<string> PillowResults => [.. Fixtures.List("resize", "*.rgb")];

    [Theory]
    [MemberData(nameof(PillowResults))]
    public void Resize_NoisePattern_EqualsPillowToTheBit(string name)
    {
        string[] parts = Path.GetFileNameWithoutExtension(name).Split('-');
        PixelSize source = Size(parts[0].Split('@')[0]);
        PixelSize target = Size(parts[1]);
        var filter = Enum.Parse<Interpolation>(parts[2], ignoreCase: true);
        var part = new PixelBox(0, 0, source.Width, source.Height);
        if (parts[0].Contains('@', StringComparison.Ordinal))
        {
            double[] box = [.. parts[0].Split('@')[1].Split('x').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            part = new PixelBox(0, 0, box[0], box[1]);
        }

        var result = new byte[3 * target.Width * target.Height];
        var whole = new PixelRegion(0, 0, target.Width, target.Height);
        ImageResampler.Resize(TestImages.Noise(source.Width, source.Height), source, part, result, target, whole, filter);

        Assert.Equal(Fixtures.Read("resize", name), result);
    }

    [Theory]
    [InlineData(Interpolation.Bilinear)]
    [InlineData(Interpolation.Bicubic)]
    public void Resize_Region_EqualsThatRegionOfTheWhole(Interpolation filter)
    {
        var source = new PixelSize(90, 70);
        var target = new PixelSize(41, 33);
        var part = new PixelBox(0, 0, source.Width, source.Height);
        byte[] pixels = TestImages.Noise(source.Width, source.Height);
        var whole = new byte[3 * target.Width * target.Height];
        ImageResampler.Resize(pixels, source.Width, source.Height, whole, target.Width, target.Height, filter);

        var region = new PixelRegion(7, 5, 19, 23);
        var cut = new byte[3 * region.Width * region.Height];
        ImageResampler.Resize(pixels, source, part, cut, target, region, filter);

        for (int y = 0; y < region.Height; y++)
        {
            ReadOnlySpan<byte> expected = whole.AsSpan(3 * (((region.Y + y) * target.Width) + region.X), 3 * region.Width);
            Assert.True(expected.SequenceEqual(cut.AsSpan(3 * y * region.Width, 3 * region.Width)), $"Row {y} differs.");
        }
    }

    [Fact]
    public void Resize_OneColour_StaysThatColour()
    {
        byte[] source = [.. Enumerable.Range(0, 61 * 47).SelectMany(_ => new byte[] { 255, 0, 131 })];
        var result = new byte[3 * 224 * 17];
        ImageResampler.Resize(source, 61, 47, result, 224, 17, Interpolation.Bicubic);
        Assert.All(result.Chunk(3), pixel => Assert.Equal([255, 0, 131], pixel));
    }

    [Fact]
    public void Resize_ManyThreadsAtOnce_AllGetTheSame()
    {
        byte[] source = TestImages.Noise(120, 90);
        var expected = new byte[3 * 50 * 40];
        ImageResampler.Resize(source, 120, 90, expected, 50, 40, Interpolation.Bilinear);
        Parallel.For(0, 64, _ =>
        {
            var result = new byte[expected.Length];
            ImageResampler.Resize(source, 120, 90, result, 50, 40, Interpolation.Bilinear);
            Assert.Equal(expected, result);
        });
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    [InlineData(5, 4)]
    public void Resize_DestinationTooShortOrEmpty_Throws(int width, int height) => Assert.Throws<ArgumentOutOfRangeException>(
        () => ImageResampler.Resize(new byte[27], 3, 3, new byte[48], width, height, Interpolation.Bilinear));

    private static PixelSize Size(string text)
    {
        string[] sides = text.Split('x');
        return new PixelSize(int.Parse(sides[0], CultureInfo.InvariantCulture), int.Parse(sides[1], CultureInfo.InvariantCulture));
    }
}
