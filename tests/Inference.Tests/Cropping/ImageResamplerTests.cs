using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
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

    /// <summary>The fixtures prove the weights; this proves that the vector code adds them up alike at every size and edge.</summary>
    [Fact]
    public void Resize_AnySizes_EqualsOnePixelAtATime()
    {
        Gen<int> side = Gen.OneOf(Gen.Choose(1, 50), Gen.Choose(1, 4));
        Arbitrary<(int, int, int, int, Interpolation)> anything = (
            from width in side
            from height in side
            from newWidth in side
            from newHeight in side
            from filter in Gen.Elements(Interpolation.Bilinear, Interpolation.Bicubic)
            select (width, height, newWidth, newHeight, filter)
        ).ToArbitrary();
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(400),
            Prop.ForAll(
                anything,
                any =>
                {
                    (int width, int height, int newWidth, int newHeight, Interpolation filter) = any;
                    byte[] pixels = TestImages.Noise(width, height);
                    var result = new byte[3 * newWidth * newHeight];
                    ImageResampler.Resize(pixels, width, height, result, newWidth, newHeight, filter);
                    return result.AsSpan().SequenceEqual(OnePixelAtATime(pixels, width, height, newWidth, newHeight, filter));
                }
            )
        );
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
        Parallel.For(
            0,
            64,
            _ =>
            {
                var result = new byte[expected.Length];
                ImageResampler.Resize(source, 120, 90, result, 50, 40, Interpolation.Bilinear);
                Assert.Equal(expected, result);
            }
        );
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    [InlineData(5, 4)]
    public void Resize_DestinationTooShortOrEmpty_Throws(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            ImageResampler.Resize(new byte[27], 3, 3, new byte[48], width, height, Interpolation.Bilinear)
        );

    private static byte[] OnePixelAtATime(byte[] pixels, int width, int height, int newWidth, int newHeight, Interpolation filter)
    {
        using var columns = new ResampleWeights(width, 0, width, newWidth, 0, newWidth, filter);
        using var rows = new ResampleWeights(height, 0, height, newHeight, 0, newHeight, filter);
        var between = new byte[3 * newWidth * height];
        var result = new byte[3 * newWidth * newHeight];
        for (int i = 0; i < between.Length; i++)
        {
            (int y, int x, int channel) = (i / 3 / newWidth, i / 3 % newWidth, i % 3);
            between[i] = Sum(columns, x, at => pixels[(((y * width) + at) * 3) + channel]);
        }

        for (int i = 0; i < result.Length; i++)
        {
            (int y, int x) = (i / (3 * newWidth), i % (3 * newWidth));
            result[i] = Sum(rows, y, at => between[(at * 3 * newWidth) + x]);
        }

        return result;
    }

    private static byte Sum(ResampleWeights weights, int output, Func<int, byte> pixel)
    {
        int sum = 1 << (ResampleWeights.Precision - 1);
        for (int tap = 0; tap < weights[output].Length; tap++)
        {
            sum += weights[output][tap] * pixel(weights.First(output) + tap);
        }

        return (byte)Math.Clamp(sum >> ResampleWeights.Precision, 0, 255);
    }

    private static PixelSize Size(string text)
    {
        string[] sides = text.Split('x');
        return new PixelSize(int.Parse(sides[0], CultureInfo.InvariantCulture), int.Parse(sides[1], CultureInfo.InvariantCulture));
    }
}
