using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>Everything that must be refused, each with its reason, by either decoder.</summary>
public sealed class BadImageTests
{
    public static TheoryData<JpegDecoder> Both => [JpegDecoder.LibjpegTurbo, JpegDecoder.ImageSharp];

    public static TheoryData<JpegDecoder, string, int> CutFiles
    {
        get
        {
            var data = new TheoryData<JpegDecoder, string, int>();
            foreach (JpegDecoder decoder in (JpegDecoder[])[JpegDecoder.LibjpegTurbo, JpegDecoder.ImageSharp])
            {
                foreach (
                    string name in (string[])["subsampled.jpg", "progressive.jpg", "rgb.png", "deep.png", "lossy.webp", "lossless.webp"]
                )
                {
                    foreach (int percent in (int[])[25, 50, 75, 95])
                    {
                        data.Add(decoder, name, percent);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(CutFiles))]
    public void Decode_CutFile_IsInvalid(JpegDecoder decoder, string name, int percent)
    {
        byte[] whole = Fixtures.Read("decoding", name);
        AssertRefused(ClassifyFailure.InvalidImage, decoder, whole[..(whole.Length * percent / 100)]);
    }

    [Theory]
    [InlineData("subsampled.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("rgb.png")]
    [InlineData("orientation-6.png")]
    [InlineData("lossy.webp")]
    [InlineData("lossless.webp")]
    [InlineData("orientation-8.webp")]
    public void Decode_AnyPrefix_IsRefused(string name)
    {
        byte[] whole = Fixtures.Read("decoding", name);
        ImageDecoder decoder = Decoders.Create();
        for (int length = 0; length < whole.Length; length++)
        {
            DecodeResult result = decoder.Decode(whole.AsMemory(0, length));
            Assert.False(result.Succeeded, $"The first {length} of {whole.Length} bytes were read as an image.");
            Assert.True(result.Failure is ClassifyFailure.UnsupportedImage or ClassifyFailure.InvalidImage, $"{length}: {result.Failure}");
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Decode_ZeroBytes_IsUnsupported(JpegDecoder decoder) => AssertRefused(ClassifyFailure.UnsupportedImage, decoder, []);

    [Theory]
    [MemberData(nameof(Both))]
    public void Decode_Text_IsUnsupported(JpegDecoder decoder) =>
        AssertRefused(ClassifyFailure.UnsupportedImage, decoder, "Dear Sir or Madam, this is a JPEG, says its name."u8.ToArray());

    [Theory]
    [MemberData(nameof(Both))]
    public void Decode_NothingButBareExifPrefixes_IsInvalid(JpegDecoder decoder)
    {
        byte[] bare = [0xFF, 0xE1, 0, 7, .. "Exif\0"u8];

        AssertRefused(ClassifyFailure.InvalidImage, decoder, [0xFF, 0xD8, .. bare, .. bare, 0xFF, 0xD9]);
    }

    [Theory]
    [InlineData("GIF89a\u0001\0\u0001\0", "GIF")]
    [InlineData("BM6\0\0\0", "BMP")]
    [InlineData("II*\0\u0008\0\0\0", "TIFF")]
    [InlineData("\0\0\0\u0018ftypheic", "HEIC")]
    [InlineData("\0\0\0\u0018ftypavif", "AVIF")]
    [InlineData("\u00FF\u000A", "JPEG XL")]
    public void Decode_KnownOtherFormat_IsNamed(string start, string name) =>
        Assert.Equal(
            $"{name} is not read here: JPEG, PNG and WebP are.",
            Decoders.Create().Decode(System.Text.Encoding.Latin1.GetBytes(start)).Detail
        );

    [Theory]
    [InlineData("GIF89a\u0001\0\u0001\0")]
    [InlineData("BM6\0\0\0")]
    [InlineData("RIFF\u0004\0\0\0WAVE")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    public void Decode_OtherFormat_IsUnsupported(string start) =>
        AssertRefused(ClassifyFailure.UnsupportedImage, JpegDecoder.Auto, System.Text.Encoding.Latin1.GetBytes(start));

    [Fact]
    public void Decode_AnimatedWebP_IsUnsupported() =>
        AssertRefused(ClassifyFailure.UnsupportedImage, JpegDecoder.Auto, Fixtures.Read("decoding", "animated.webp"));

    [Theory]
    [MemberData(nameof(Both))]
    public void Decode_TwelveBitJpeg_IsUnsupported(JpegDecoder decoder)
    {
        byte[] jpeg = Fixtures.Read("decoding", "grey.jpg");
        jpeg[FrameHeader(jpeg) + 4] = 12;
        AssertRefused(ClassifyFailure.UnsupportedImage, decoder, jpeg);
    }

    [Fact]
    public void Decode_HugePng_IsTooLargeAndNothingIsAllocated()
    {
        byte[] png = TestImages.PngDeclaring(30_000, 30_000);
        Assert.InRange(png.Length, 1, 4096);
        ImageDecoder decoder = Decoders.Create();
        decoder.Decode(png);

        long before = GC.GetAllocatedBytesForCurrentThread();
        DecodeResult result = decoder.Decode(png);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(ClassifyFailure.ImageTooLarge, result.Failure);
        Assert.InRange(allocated, 0, 4096);
    }

    [Fact]
    public void Decode_HugeJpeg_IsTooLarge()
    {
        byte[] jpeg = Fixtures.Read("decoding", "subsampled.jpg");
        new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }.CopyTo(jpeg, FrameHeader(jpeg) + 5);
        AssertRefused(ClassifyFailure.ImageTooLarge, JpegDecoder.Auto, jpeg);
    }

    [Fact]
    public void Decode_PngOfMorePixelsThanItsDataCanHold_IsInvalid() =>
        AssertRefused(ClassifyFailure.InvalidImage, JpegDecoder.Auto, TestImages.PngDeclaring(4000, 3000));

    [Theory]
    [MemberData(nameof(Both))]
    public void Decode_JpegOfMorePixelsThanItsDataCanHold_IsInvalid(JpegDecoder decoder)
    {
        byte[] jpeg = Fixtures.Read("decoding", "subsampled.jpg");
        new byte[] { 16, 0, 16, 0 }.CopyTo(jpeg, FrameHeader(jpeg) + 5);
        AssertRefused(ClassifyFailure.InvalidImage, decoder, jpeg);
    }

    [Fact]
    public void Decode_MostCompressibleImages_AreRead()
    {
        foreach (
            byte[] encoded in (byte[][])
                [TestImages.Png(new byte[3 * 2000 * 1000], 2000, 1000), TestImages.Jpeg(new byte[3 * 2000 * 1000], 2000, 1000, quality: 1)]
        )
        {
            DecodeResult result = Decoders.Create().Decode(encoded);
            Assert.True(result.Succeeded, result.Detail);
            result.Image.Dispose();
        }
    }

    [Theory]
    [InlineData(37, 1_000_000, true)]
    [InlineData(36, 1_000_000, false)]
    [InlineData(37, 37 * 26, true)]
    [InlineData(37, (37 * 26) - 1, false)]
    public void Decode_AtTheLimits_IsReadAndAboveIsNot(int side, int pixels, bool read)
    {
        DecodeResult result = Decoders
            .Create(configure: options => (options.MaxImageSide, options.MaxImagePixels) = (side, pixels))
            .Decode(Fixtures.Read("decoding", "rgb.png"));
        Assert.Equal(read, result.Succeeded);
        Assert.True(read || result.Failure == ClassifyFailure.ImageTooLarge);
        result.Image?.Dispose();
    }

    [Fact]
    public void Decode_JpegOfAHundredScans_IsInvalid()
    {
        byte[] jpeg = Fixtures.Read("decoding", "grey.jpg");
        int scan = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] scanData = jpeg[scan..^2];
        byte[] many = [.. jpeg[..scan], .. Enumerable.Repeat(scanData, 100).SelectMany(bytes => bytes), 0xFF, 0xD9];
        AssertRefused(ClassifyFailure.InvalidImage, JpegDecoder.Auto, many);
    }

    [Fact]
    public void Decode_JpegWithAHoleInItsData_IsInvalid()
    {
        byte[] jpeg = Fixtures.Read("decoding", "orientation-1.jpg");
        byte[] holed = [.. jpeg[..^200], .. jpeg[^2..]];
        AssertRefused(ClassifyFailure.InvalidImage, JpegDecoder.LibjpegTurbo, holed);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Decode_JpegWithPaddingBeforeItsEnd_IsRead(JpegDecoder decoder)
    {
        byte[] jpeg = Fixtures.Read("decoding", "orientation-1.jpg");
        byte[] padded = [.. jpeg[..^2], 0, 0, 0, 0, .. jpeg[^2..], .. "trailing bytes"u8];
        DecodeResult result = Decoders.Create(decoder).Decode(padded);
        Assert.True(result.Succeeded, result.Detail);
        result.Image.Dispose();
    }

    [Fact]
    public void Decode_JpegWithoutTables_DoesNotUseThoseOfTheImageBefore()
    {
        byte[] jpeg = Fixtures.Read("decoding", "grey.jpg");
        ImageDecoder decoder = Decoders.Create(JpegDecoder.LibjpegTurbo);
        decoder.Decode(jpeg).Image!.Dispose();
        int quantisation = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);
        byte[] without = [.. jpeg[..quantisation], .. jpeg[FrameHeader(jpeg)..]];
        Assert.Equal(ClassifyFailure.InvalidImage, decoder.Decode(without).Failure);
    }

    [Fact]
    public void Decode_PngWithWrongChecksum_IsInvalid()
    {
        byte[] png = Fixtures.Read("decoding", "deep.png");
        png[png.AsSpan().IndexOf("IDAT"u8) + 20] ^= 0x10;
        AssertRefused(ClassifyFailure.InvalidImage, JpegDecoder.Auto, png);
    }

    private static int FrameHeader(byte[] jpeg) => jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);

    private static void AssertRefused(ClassifyFailure expected, JpegDecoder decoder, byte[] encoded)
    {
        DecodeResult result = Decoders.Create(decoder).Decode(encoded);
        Assert.False(result.Succeeded);
        Assert.Equal(expected, result.Failure);
        Assert.Matches(@"^[A-Z].*\.$", result.Detail);
    }
}
