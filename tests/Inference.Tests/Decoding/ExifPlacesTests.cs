using System.Buffers.Binary;
using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>Wherever a file may hold its orientation, the first valid one is it.</summary>
public sealed class ExifPlacesTests
{
    private static readonly byte[] Nothing = [.. "II*\0"u8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static TheoryData<string, byte[][]> Blocks =>
        new()
        {
            { "one", [Exif(6)] },
            { "the first of two", [Exif(6), Exif(8)] },
            { "the first, before a block that is none", [Exif(6), [0x4D, 0x4D, 0x4D, 0x4D, 0x4D, 0x4D, 0x4D, 0x4D, 0x4D, 0x4D]] },
            { "the second, behind one without", [Nothing, Exif(6)] },
            { "the second, behind an invalid one", [Exif(9), Exif(6)] },
            { "the third", [Nothing, Exif(0), Exif(6)] },
        };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Decode_Jpeg_IsTurnedByTheFirstValidBlock(string place, byte[][] blocks)
    {
        byte[] jpeg = TestImages.Jpeg(37, 26);
        AssertTurned(place, [.. jpeg[..2], .. blocks.SelectMany(App1), .. jpeg[2..]]);
    }

    /// <summary>The prefix without the byte behind it is a block of nothing.</summary>
    [Fact]
    public void Decode_JpegWithBarePrefixes_IsTurnedByTheBlockBehindThem()
    {
        byte[] jpeg = TestImages.Jpeg(37, 26);
        byte[] bare = [0xFF, 0xE1, 0, 7, .. "Exif\0"u8];

        AssertTurned("behind bare prefixes", [.. jpeg[..2], .. bare, .. bare, .. App1(Exif(6)), .. jpeg[2..]]);
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Decode_Png_IsTurnedByTheFirstValidBlock(string place, byte[][] blocks)
    {
        byte[] png = TestImages.Png(37, 26);
        using var chunks = new MemoryStream();
        foreach (byte[] block in blocks)
        {
            PngFile.WriteChunk(chunks, "eXIf"u8, block);
        }

        AssertTurned(place, [.. png[..33], .. chunks.ToArray(), .. png[33..]]);
        AssertTurned(place, [.. png[..^12], .. chunks.ToArray(), .. png[^12..]]);
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Decode_WebP_IsTurnedByTheFirstValidBlock(string place, byte[][] blocks)
    {
        byte[] webp = TestImages.WebP(TestImages.Smooth(37, 26), 37, 26, lossless: true);
        byte[] longer = [.. webp, .. blocks.SelectMany(block => (byte[])[.. "EXIF"u8, (byte)block.Length, 0, 0, 0, .. block])];
        BinaryPrimitives.WriteInt32LittleEndian(longer.AsSpan(4), longer.Length - 8);
        AssertTurned(place, longer);
    }

    [Fact]
    public void Decode_JpegWhoseDirectoryIsInTheSecondPartOfItsExif_IsTurned()
    {
        byte[] jpeg = TestImages.Jpeg(37, 26);
        byte[] exif = [.. "MM\0*"u8, 0, 0, 0xFD, 0xF0, .. new byte[0xFDF0 - 8], .. Exif(6)[8..]];
        AssertTurned("in two parts", [.. jpeg[..2], .. App1(exif[..65_000]), .. App1(exif[65_000..]), .. jpeg[2..]]);
    }

    [Fact]
    public void Decode_JpegWithOtherApp1Blocks_IsTurned()
    {
        byte[] jpeg = TestImages.Jpeg(37, 26);
        byte[] xmp = [0xFF, 0xE1, 0, 31, .. "http://ns.adobe.com/xap/1.0/\0"u8];
        AssertTurned("behind XMP", [.. jpeg[..2], .. xmp, .. App1(Exif(6)), .. xmp, .. jpeg[2..]]);
    }

    private static byte[] Exif(byte orientation) =>
        [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];

    private static byte[] App1(byte[] block)
    {
        int length = block.Length + 8;
        return [0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. block];
    }

    private static void AssertTurned(string place, byte[] encoded)
    {
        DecodeResult result = Decoders.Create().Decode(encoded);
        Assert.True(result.Succeeded, result.Detail);
        using DecodedImage image = result.Image;
        Assert.True((image.Width, image.Height) == (26, 37), $"Not turned by {place}.");
    }
}
