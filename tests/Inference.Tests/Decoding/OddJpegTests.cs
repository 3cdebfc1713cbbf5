using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>What libjpeg warns of, kind by kind: header oddities leave the image as it is, damage refuses it (decision 19).</summary>
public sealed class OddJpegTests
{
    private static readonly byte[] Garbage = [1, 2, 0xFF, 0, 3];

    public static TheoryData<JpegDecoder> Both => [JpegDecoder.LibjpegTurbo, JpegDecoder.ImageSharp];

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 5, 0)]
    [InlineData(1, 63, 0)]
    [InlineData(0, 63, 0x10)]
    [InlineData(63, 0, 0xFF)]
    public void Decode_SequentialScanWithProgressiveFields_IsTheSameImage(byte first, byte last, byte bits)
    {
        byte[] jpeg = Fixtures.Read("decoding", "subsampled.jpg");
        int fields = Find(jpeg, 0xDA) + 2 + jpeg[Find(jpeg, 0xDA) + 3] - 3;
        AssertSame("subsampled.jpg", [.. jpeg[..fields], first, last, bits, .. jpeg[(fields + 3)..]]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public void Decode_UnknownJfifVersion_IsTheSameImage(byte version)
    {
        byte[] jpeg = Fixtures.Read("decoding", "subsampled.jpg");
        jpeg[Find(jpeg, 0xE0) + 9] = version;
        AssertSame("subsampled.jpg", jpeg);
    }

    [Theory]
    [InlineData("ycck.jpg", 7)]
    [InlineData("ycck.jpg", 1)]
    public void Decode_UnknownAdobeTransform_IsTheUsualOne(string name, byte transform)
    {
        byte[] jpeg = Fixtures.Read("decoding", name);
        jpeg[Find(jpeg, 0xEE) + 15] = transform;
        AssertSame(name, jpeg);
    }

    [Fact]
    public void Decode_UnknownAdobeTransformOfThreeComponents_IsYCbCr()
    {
        byte[] jpeg = Fixtures.Read("decoding", "subsampled.jpg");
        int jfif = Find(jpeg, 0xE0);
        AssertSame("subsampled.jpg", [.. jpeg[..jfif], 0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 2, .. jpeg[(jfif + 18)..]]);
    }

    [Theory]
    [InlineData(0xDB)]
    [InlineData(0xC0)]
    [InlineData(0xC4)]
    [InlineData(0xDA)]
    public void Decode_BytesBetweenSegments_IsTheSameImage(byte marker)
    {
        byte[] jpeg = Fixtures.Read("decoding", "subsampled.jpg");
        int at = Find(jpeg, marker);
        AssertSame("subsampled.jpg", [.. jpeg[..at], .. Garbage, .. jpeg[at..]]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5000)]
    public void Decode_PaddingBehindTheScan_IsTheSameImage(int zeros)
    {
        byte[] jpeg = Fixtures.Read("decoding", "subsampled.jpg");
        AssertSame("subsampled.jpg", [.. jpeg[..^2], .. new byte[zeros], .. jpeg[^2..]]);
    }

    [Fact]
    public void Decode_DamageBehindHeaderOddities_IsInvalid()
    {
        byte[] jpeg = Fixtures.Read("decoding", "orientation-1.jpg");
        byte[] holed = [.. jpeg[..^200], .. jpeg[^2..]];
        int tables = Find(holed, 0xDB);
        AssertInvalid([.. holed[..tables], .. Garbage, .. holed[tables..]]);
        holed[Find(holed, 0xE0) + 9] = 2;
        AssertInvalid(holed);
    }

    [Fact]
    public void Decode_ForeignDataInsideTheScan_IsInvalid()
    {
        byte[] jpeg = TestImages.Jpeg(TestImages.Noise(64, 64), 64, 64, 90);
        int half = jpeg.Length / 2;
        AssertInvalid([.. jpeg[..half], .. jpeg[(half - 300)..half], .. jpeg[half..]]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Decode_MissingScanOfAComponent_IsInvalid(JpegDecoder decoder)
    {
        // The one scan of all three components says it is of the first alone.
        byte[] jpeg = Fixtures.Read("decoding", "subsampled.jpg");
        int scan = Find(jpeg, 0xDA);
        AssertInvalid([.. jpeg[..scan], 0xFF, 0xDA, 0, 8, 1, jpeg[scan + 5], jpeg[scan + 6], 0, 63, 0, .. jpeg[(scan + 14)..]], decoder);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Decode_MissingScanOfBits_IsInvalid(JpegDecoder decoder)
    {
        byte[] jpeg = Fixtures.Read("decoding", "progressive.jpg");
        List<Range> scans = Scans(jpeg);
        Range skipped = scans.First(scan => jpeg[End(jpeg, scan) - 1] >> 4 == 2);
        AssertInvalid([.. jpeg[..skipped.Start], .. jpeg[skipped.End..]], decoder);
    }

    [Fact]
    public void Decode_HighCoefficientsBeforeTheMean_IsTheSameImage()
    {
        byte[] jpeg = Fixtures.Read("decoding", "progressive.jpg");
        List<Range> scans = Scans(jpeg);
        byte[] reordered = [.. jpeg[..scans[0].Start], .. jpeg[scans[1]], .. jpeg[scans[0]], .. jpeg[scans[1].End..]];
        AssertSame("progressive.jpg", reordered);
    }

    [Fact]
    public void Decode_LostRestart_IsInvalid()
    {
        byte[] jpeg = TestImages.Jpeg(64, 64);
        int scan = Find(jpeg, 0xDA);
        AssertInvalid([.. jpeg[..scan], 0xFF, 0xDD, 0, 4, 0, 1, .. jpeg[scan..]]);
    }

    private static int Find(byte[] jpeg, byte marker) => jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);

    /// <summary>Each scan with the tables before it.</summary>
    private static List<Range> Scans(byte[] jpeg)
    {
        var scans = new List<Range>();
        int start = -1;
        bool scanned = false;
        var segments = new JpegSegments(jpeg);
        while (segments.TryRead())
        {
            int marker = segments.DataStart - (segments.Marker == JpegSegments.EndOfImage ? 2 : 4);
            if (scanned && start >= 0)
            {
                scans.Add(start..marker);
                start = -1;
            }

            scanned = segments.Marker == JpegSegments.StartOfScan;
            start = start < 0 && segments.Marker is 0xC4 or JpegSegments.StartOfScan ? marker : start;
        }

        return scans;
    }

    /// <summary>Where the header of a scan ends.</summary>
    private static int End(byte[] jpeg, Range scan)
    {
        int header = scan.Start.Value + jpeg.AsSpan()[scan].IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        return header + 2 + jpeg[header + 3];
    }

    private static void AssertSame(string name, byte[] odd)
    {
        foreach (JpegDecoder backend in (JpegDecoder[])[JpegDecoder.LibjpegTurbo, JpegDecoder.ImageSharp])
        {
            ImageDecoder decoder = Decoders.Create(backend);
            using DecodedImage expected = decoder.Decode(Fixtures.Read("decoding", name)).Image!;
            DecodeResult result = decoder.Decode(odd);
            Assert.True(result.Succeeded, $"{backend}: {result.Detail}");
            Assert.True(result.Image.Pixels.SequenceEqual(expected.Pixels), $"{backend} read another image.");
            result.Image.Dispose();
        }
    }

    private static void AssertInvalid(byte[] jpeg, JpegDecoder decoder = JpegDecoder.LibjpegTurbo) =>
        Assert.Equal(ClassifyFailure.InvalidImage, Decoders.Create(decoder).Decode(jpeg).Failure);
}
