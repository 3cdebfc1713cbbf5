using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Compat.Tests;

public sealed class JpegAndWebpTests
{
    /// <summary>What quality 95 and a chroma conversion cost on these pixels.</summary>
    private const int LossyTolerance = 32;

    [Theory]
    [InlineData("rgb.jpg", "JPEG", 24)]
    [InlineData("progressive.jpg", "JPEG", 24)]
    [InlineData("cmyk.jpg", "JPEG", 32)]
    [InlineData("lossy.webp", "Webp", 24)]
    public void Load_Lossy_IsNearTheOriginal(string name, string format, int bitsPerPixel)
    {
        byte[] file = Fixture.Read(name);
        ImageInfo info = Image.Identify(file);
        using Image<Rgb24> image = Image.Load<Rgb24>(file);
        Assert.Equal((format, bitsPerPixel), (info.Metadata.DecodedImageFormat?.Name, info.PixelType.BitsPerPixel));
        Assert.Equal((Fixture.Width, Fixture.Height, Fixture.Width, Fixture.Height), (info.Width, info.Height, image.Width, image.Height));
        double mean = Enumerable.Range(0, Fixture.Width * Fixture.Height)
            .Average(i => Math.Abs(image[i % Fixture.Width, i / Fixture.Width].R - Fixture.Colour(i % Fixture.Width, i / Fixture.Width).R));
        Assert.InRange(mean, 0, 4);
    }

    [Fact]
    public void Load_GreyJpeg_IsNearTheOriginal()
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(Fixture.Read("grey.jpg"));
        Assert.InRange(Fixture.Difference(image, Fixture.Grey), 0, LossyTolerance);
    }

    [Theory]
    [InlineData("lossless.webp")]
    [InlineData("alpha.webp")]
    public void Load_LosslessWebp_DropsAlphaAndKeepsEveryPixel(string name)
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(Fixture.Read(name));
        Assert.Equal(0, Fixture.Difference(image, Fixture.Colour));
    }

    [Fact]
    public void Load_AnimatedWebp_IsNotSupported()
        => Assert.Throws<NotSupportedException>(() => Image.Load<Rgb24>(Fixture.Read("animated.webp")));

    [Fact]
    public void Load_TruncatedJpeg_GivesWhatIsThere()
    {
        byte[] file = Fixture.Read("rgb.jpg");
        using Image<Rgb24> image = Image.Load<Rgb24>(file.AsSpan(0, file.Length - 200));
        Assert.Equal((Fixture.Width, Fixture.Height), (image.Width, image.Height));
    }

    [Fact]
    public void Load_TruncatedWebp_IsInvalid()
    {
        byte[] file = Fixture.Read("lossless.webp");
        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(file.AsSpan(0, file.Length / 2)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is text, whatever its name ends with")]
    [InlineData("GIF89a, which is read by the real library only")]
    public void Identify_AnotherFormat_IsUnknown(string content)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(content);
        Assert.Throws<UnknownImageFormatException>(() => Image.Identify(bytes));
        Assert.Throws<UnknownImageFormatException>(() => Image.Load<Rgb24>(bytes));
    }

    [Fact]
    public void SaveAsJpeg_LowerQuality_IsSmallerAndStillThePicture()
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(Fixture.Read("rgb.png"));
        using var fine = new MemoryStream();
        using var coarse = new MemoryStream();
        image.SaveAsJpeg(fine, new JpegEncoder { Quality = 95 });
        image.SaveAsJpeg(coarse, new JpegEncoder { Quality = 20 });
        Assert.InRange(coarse.Length, 1, fine.Length - 1);
        using Image<Rgb24> again = Image.Load<Rgb24>(fine.ToArray());
        Assert.Equal((Fixture.Width, Fixture.Height), (again.Width, again.Height));
    }

    [Fact]
    public void SaveAsJpeg_WiderThanTheFormatAllows_Throws()
    {
        using var image = new Image<L8>(70_000, 1);
        Assert.Throws<ImageFormatException>(() => image.SaveAsJpeg(Stream.Null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void JpegEncoder_QualityOutOfRange_Throws(int quality)
        => Assert.Throws<ArgumentException>(() => new JpegEncoder { Quality = quality });
}
