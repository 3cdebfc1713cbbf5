using System.Buffers.Binary;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Compat.Tests;

public sealed class PngTests
{
    [Theory]
    [InlineData("rgb.png", 24)]
    [InlineData("rgba.png", 32)]
    [InlineData("interlaced.png", 24)]
    public void Load_Colour_DropsAlphaAndKeepsEveryPixel(string name, int bitsPerPixel)
    {
        byte[] file = Fixture.Read(name);
        using Image<Rgb24> image = Image.Load<Rgb24>(file);
        ImageInfo info = Image.Identify(file);
        Assert.Equal((Fixture.Width, Fixture.Height, bitsPerPixel), (info.Width, info.Height, info.PixelType.BitsPerPixel));
        Assert.Equal((Fixture.Width, Fixture.Height), (image.Width, image.Height));
        Assert.Equal(0, Fixture.Difference(image, Fixture.Colour));
    }

    [Theory]
    [InlineData("grey.png")]
    [InlineData("grey-alpha.png")]
    [InlineData("grey16.png")]
    public void Load_Grey_RepeatsTheValueInEveryChannel(string name)
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(Fixture.Read(name));
        Assert.Equal(0, Fixture.Difference(image, Fixture.Grey));
    }

    /// <summary>The file says gamma 1, which is not applied, and its low bytes are 100, which round down.</summary>
    [Fact]
    public void Load_SixteenBits_RoundsToEight()
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(Fixture.Read("rgb16.png"));
        Assert.Equal(0, Fixture.Difference(image, Fixture.Colour));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Load_Palette_LooksColoursUp(int depth)
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(Fixture.Read($"palette{depth}.png"));
        int mask = (1 << depth) - 1;
        Assert.Equal(0, Fixture.Difference(image, (x, y) => new((byte)(((x + y) & mask) * 7), (byte)(((x + y) & mask) * 11), (byte)(((x + y) & mask) * 13))));
    }

    [Theory]
    [InlineData(1, 255)]
    [InlineData(2, 85)]
    [InlineData(4, 17)]
    public void Load_GreyOfFewBits_SpreadsOverEight(int depth, int step)
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(Fixture.Read($"grey{depth}.png"));
        int mask = (1 << depth) - 1;
        Assert.Equal(0, Fixture.Difference(image, (x, y) =>
        {
            byte value = (byte)(((x + y) & mask) * step);
            return new Rgb24(value, value, value);
        }));
    }

    [Fact]
    public void Load_CutInsideItsData_IsInvalid()
    {
        byte[] file = Fixture.Read("rgb.png");
        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(file.AsSpan(0, file.Length / 2)));
    }

    [Fact]
    public void Load_OneBitFlippedInItsData_IsInvalid()
    {
        byte[] file = Fixture.Read("rgb.png");
        file[^30] ^= 1;
        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(file));
    }

    [Fact]
    public void Identify_EnormousHeader_TellsTheSizeAndLoadRefusesIt()
    {
        byte[] file = PngWithSize(60_000, 60_000);
        ImageInfo info = Image.Identify(file);
        Assert.Equal((60_000, 60_000), (info.Width, info.Height));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(-1, 5)]
    public void Identify_NoPixels_IsInvalid(int width, int height)
        => Assert.Throws<InvalidImageContentException>(() => Image.Identify(PngWithSize(width, height)));

    [Fact]
    public void SaveAsPng_Colour_ReadsBackTheSame()
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(Fixture.Read("rgb.png"));
        using var stream = new MemoryStream();
        image.SaveAsPng(stream);
        using Image<Rgb24> again = Image.Load<Rgb24>(stream.ToArray());
        Assert.Equal(0, Fixture.Difference(again, Fixture.Colour));
    }

    [Fact]
    public void SaveAsPng_Grey_StoresOneChannel()
    {
        using var image = new Image<L8>(3, 2, new L8(40)) { [1, 0] = new L8(200) };
        using var stream = new MemoryStream();
        image.SaveAsPng(stream);
        using Image<L8> again = Image.Load<L8>(stream.ToArray());
        Assert.Equal(8, Image.Identify(stream.ToArray()).PixelType.BitsPerPixel);
        Assert.Equal([40, 200, 40, 40, 40, 40], Enumerable.Range(0, 6).Select(i => again[i % 3, i / 3].PackedValue));
    }

    /// <summary>The fixture's data under another header, its checksum made right.</summary>
    private static byte[] PngWithSize(int width, int height)
    {
        byte[] file = Fixture.Read("rgb.png");
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), SixLabors.ImageSharp.Formats.Png.Crc32.Of(file.AsSpan(12, 17)));
        return file;
    }
}
