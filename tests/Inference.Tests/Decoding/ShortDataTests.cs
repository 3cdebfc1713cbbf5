using System.Buffers.Binary;
using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>PNG and WebP files whose container is sound and whose pixels are not all there.</summary>
public sealed class ShortDataTests
{
    private static readonly ImageDecoder Decoder = Decoders.Create();

    public static TheoryData<string, int> Pngs =>
        Cut("interlaced.png", "interlaced-deep.png", "interlaced-palette.png", "rgb.png", "deep.png", "grey.png", "palette.png");

    public static TheoryData<string, int> WebPs => Cut("lossy.webp", "alpha-lossy.webp", "lossless.webp", "alpha.webp", "partitions.webp");

    [Theory]
    [MemberData(nameof(Pngs))]
    public void Decode_PngWhoseRowsEndEarly_IsInvalid(string name, int percent)
    {
        var png = PngFile.Of(Fixtures.Read("decoding", name));
        AssertInvalid(png.WithRows(rows => rows[..(rows.Length * percent / 100)]).Encode());
    }

    [Theory]
    [MemberData(nameof(Pngs))]
    public void Decode_PngWhoseCompressedDataEndEarly_IsInvalid(string name, int percent)
    {
        // Without the checksum of the rows, the last four bytes, all rows are there still.
        var png = PngFile.Of(Fixtures.Read("decoding", name));
        AssertInvalid((png with { Data = png.Data[..((png.Data.Length - 4) * percent / 100)] }).Encode());
    }

    [Fact]
    public void Decode_PngWithWrongChecksumOfRows_IsInvalid()
    {
        var png = PngFile.Of(Fixtures.Read("decoding", "interlaced.png"));
        png.Data[^1] ^= 1;
        AssertInvalid(png.Encode());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(50)]
    public void Decode_PngInChunksOfAnySize_IsTheSameImage(int step)
    {
        foreach (string name in (string[])["deep.png", "interlaced.png"])
        {
            AssertSame(name, PngFile.Of(Fixtures.Read("decoding", name)).Encode(step));
        }
    }

    [Fact]
    public void Decode_PngWithEmptyChunksAmongItsData_IsTheSameImage()
    {
        var png = PngFile.Of(Fixtures.Read("decoding", "deep.png"));
        byte[] whole = png.Encode(1000);
        int second = 8 + whole.AsSpan(8).IndexOf("IDAT"u8) + 1000 + 4;
        foreach (int at in (int[])[33, second + 4])
        {
            using var split = new MemoryStream();
            split.Write(whole, 0, at);
            PngFile.WriteChunk(split, "IDAT"u8, []);
            split.Write(whole.AsSpan(at));
            AssertSame("deep.png", split.ToArray());
        }
    }

    [Fact]
    public void Decode_PngWithMoreDataBehindAnotherChunk_IsTheSameImage()
    {
        byte[] png = Fixtures.Read("decoding", "interlaced.png");
        using var longer = new MemoryStream();
        longer.Write(png.AsSpan(0, png.Length - 12));
        PngFile.WriteChunk(longer, "tEXt"u8, "a\0b"u8);
        PngFile.WriteChunk(longer, "IDAT"u8, new byte[100]);
        longer.Write(png.AsSpan(png.Length - 12));
        AssertSame("interlaced.png", longer.ToArray());
    }

    [Fact]
    public void Decode_InterlacedPngWithPlacesBeyondItsPalette_IsBlackThere()
    {
        var png = PngFile.Of(Fixtures.Read("decoding", "interlaced-palette.png"));
        DecodeResult result = Decoder.Decode((png with { Palette = [9, 9, 9] }).Encode());
        Assert.True(result.Succeeded, result.Detail);
        using DecodedImage image = result.Image;
        Assert.All(image.Pixels.ToArray(), value => Assert.True(value is 0 or 9));
    }

    [Fact]
    public void Decode_PngWithoutItsPalette_IsInvalid()
    {
        var png = PngFile.Of(Fixtures.Read("decoding", "palette.png"));
        AssertInvalid((png with { Palette = null }).Encode());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Decode_InterlacedPngOfFewColumns_IsUnsupported(int width)
    {
        var png = PngFile.Of(Fixtures.Read("decoding", "interlaced.png"));
        BinaryPrimitives.WriteInt32BigEndian(png.Header, width);
        Assert.Equal(ClassifyFailure.UnsupportedImage, Decoder.Decode(png.Encode()).Failure);
    }

    [Theory]
    [MemberData(nameof(WebPs))]
    public void Decode_WebPWhoseDataEndEarly_IsInvalid(string name, int percent)
    {
        byte[] webp = Fixtures.Read("decoding", name);
        (int start, int length) = Image(webp);
        AssertInvalid(Riff(webp.AsSpan(start - 8, 4), webp.AsSpan(start, length * percent / 100)));
    }

    [Theory]
    [InlineData(600, 400, 1)]
    [InlineData(33, 700, 2)]
    [InlineData(700, 33, 3)]
    public void Decode_WebPOfAnyContent_IsReadWholeAndNotInPart(int width, int height, int seed)
    {
        foreach (bool lossless in (bool[])[false, true])
        {
            byte[] webp = TestImages.WebP(TestImages.Blobs(width, height, seed), width, height, lossless);
            using DecodedImage image = Decoder.Decode(webp).Image!;
            Assert.Equal((width, height), (image.Width, image.Height));
            (int start, int length) = Image(webp);
            for (int percent = 5; percent < 100; percent += 5)
            {
                AssertInvalid(Riff(webp.AsSpan(start - 8, 4), webp.AsSpan(start, length * percent / 100)));
            }
        }
    }

    [Fact]
    public void Decode_WebPWithJunkBehindItsEnd_IsTheSameImage()
    {
        byte[] junk = [.. "junk"u8, 0xF0, 0xFF, 0xFF, 0xFF, 0, 0];
        AssertSame("alpha-lossy.webp", [.. Fixtures.Read("decoding", "alpha-lossy.webp"), .. junk]);
    }

    /// <summary>Whichever partition is said to be shorter takes its last bytes along into the next.</summary>
    [Fact]
    public void Decode_WebPWithAShortPartition_IsInvalid()
    {
        byte[] webp = Fixtures.Read("decoding", "partitions.webp");
        int frame = Image(webp).Start;
        int first = Vp8Header.FirstPartition(webp.AsSpan(frame));
        Assert.Equal(4, Vp8Header.TokenPartitions(webp.AsSpan(frame + Vp8Header.Length, first)));
        webp[frame + Vp8Header.Length + first] /= 2; // The size of the first of the four.
        AssertInvalid(webp);
    }

    private static TheoryData<string, int> Cut(params string[] names)
    {
        var data = new TheoryData<string, int>();
        foreach (string name in names)
        {
            foreach (int percent in (int[])[10, 50, 90])
            {
                data.Add(name, percent);
            }
        }

        return data;
    }

    private static (int Start, int Length) Image(ReadOnlySpan<byte> webp)
    {
        int start = webp.IndexOf("VP8 "u8) >= 0 ? webp.IndexOf("VP8 "u8) : webp.IndexOf("VP8L"u8);
        return (start + 8, BinaryPrimitives.ReadInt32LittleEndian(webp[(start + 4)..]));
    }

    private static byte[] Riff(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
        byte[] chunk = [.. type, .. length, .. data, .. new byte[data.Length % 2]];
        BinaryPrimitives.WriteInt32LittleEndian(length, chunk.Length + 4);
        return [.. "RIFF"u8, .. length, .. "WEBP"u8, .. chunk];
    }

    private static void AssertInvalid(byte[] encoded)
    {
        DecodeResult result = Decoder.Decode(encoded);
        Assert.False(result.Succeeded);
        Assert.Equal(ClassifyFailure.InvalidImage, result.Failure);
    }

    private static void AssertSame(string name, byte[] encoded)
    {
        using DecodedImage expected = Decoder.Decode(Fixtures.Read("decoding", name)).Image!;
        DecodeResult result = Decoder.Decode(encoded);
        Assert.True(result.Succeeded, result.Detail);
        Assert.True(result.Image.Pixels.SequenceEqual(expected.Pixels));
        result.Image.Dispose();
    }
}
