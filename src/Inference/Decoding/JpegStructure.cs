using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>Walks the markers of a JPEG file from start to end-of-image.</summary>
internal static class JpegStructure
{
    /// <summary>
    /// A progressive file may repeat scans over the whole image at the cost of a few bytes each; encoders write about ten.
    /// Without a limit a small file keeps a core busy for minutes.
    /// </summary>
    public const int MaxScans = 64;

    /// <summary>Huffman coding spends at least a bit on each block of 8 × 8 pixels, so a byte cannot hold more than eight blocks.</summary>
    private const int MostPixelsPerByte = 8 * 64;

    public static ImageHeader Read(ReadOnlySpan<byte> jpeg)
    {
        var header = new ImageHeader { Format = ImageFormat.Jpeg };
        JpegScans? scans = null;
        List<Range>? exif = null;
        byte adobe = 0;
        var segments = new JpegSegments(jpeg);
        while (segments.TryRead())
        {
            ReadOnlySpan<byte> data = segments.Data;
            bool misplaced = !segments.FollowsScan && !segments.Gap.IsEmpty;
            bool odd = misplaced || JpegHeaderRepair.IsOdd(segments.Marker, data, header.Progressive);
            header = header with { NeedsRepair = header.NeedsRepair || odd };
            switch (segments.Marker)
            {
                case JpegSegments.EndOfImage:
                    header = header with
                    {
                        NeedsRepair = header.NeedsRepair || (adobe != 0 && adobe != JpegHeaderRepair.Transform(header.Components)),
                        Orientation = header.Orientation ?? FindInAll(jpeg, exif),
                    };
                    return header with { Problem = ProblemOfWhole(header, scans, jpeg.Length) };

                case JpegSegments.StartOfImage:
                    return header with { Problem = "The JPEG file starts a second image inside the first." };

                case JpegSegments.StartOfScan:
                    if (ProblemOfScan(scans, data) is { } problem)
                    {
                        return header with { Problem = problem };
                    }

                    break;

                case >= 0xC0
                and <= 0xCF
                and not (0xC4 or 0xC8 or 0xCC):
                    header = ReadFrame(header, segments.Marker, data);
                    if (header.Problem is not null)
                    {
                        return header;
                    }

                    scans = new JpegScans(data, header.Progressive);
                    break;

                // The prefix has a byte more that says nothing; without it there is nothing behind it either.
                case JpegSegments.App1
                    when header.Orientation is null
                        && data.Length > ExifOrientation.Prefix.Length
                        && data.StartsWith(ExifOrientation.Prefix):
                    header = header with { Orientation = ExifOrientation.Find(data) };
                    (exif ??= []).Add(segments.DataStart..(segments.DataStart + data.Length));
                    break;

                case JpegSegments.App14 when JpegHeaderRepair.IsAdobe(data):
                    adobe = data[JpegHeaderRepair.AdobeTransform];
                    break;
            }
        }

        return header with
        {
            Problem = "The JPEG file is cut off: it has no end marker.",
        };
    }

    private static string? ProblemOfScan(JpegScans? scans, ReadOnlySpan<byte> scan) =>
        scans switch
        {
            null => "The JPEG file has image data before its frame header.",
            { Count: MaxScans } => $"The JPEG file has more than {MaxScans} scans.",
            _ => scans.TryAdd(scan) ? null : "A scan of the JPEG file is damaged, or one before it is missing.",
        };

    private static string? ProblemOfWhole(ImageHeader header, JpegScans? scans, int length)
    {
        if (scans is null or { Count: 0 })
        {
            return "The JPEG file contains no image.";
        }

        if (!scans.AreComplete)
        {
            return "The JPEG file lacks a scan: a colour component has no data.";
        }

        return (long)header.Width * header.Height > (long)length * MostPixelsPerByte
            ? "The JPEG file declares more pixels than its data can hold."
            : null;
    }

    /// <summary>EXIF of more than 64 KB goes on in the next block, and its directory may be anywhere in the whole.</summary>
    private static Orientation? FindInAll(ReadOnlySpan<byte> jpeg, List<Range>? blocks)
    {
        if (blocks is null or { Count: 1 })
        {
            return null;
        }

        var whole = new List<byte>();
        foreach (Range block in blocks)
        {
            whole.AddRange(jpeg[block][(ExifOrientation.Prefix.Length + 1)..]);
        }

        return ExifOrientation.Find(whole.ToArray());
    }

    private static ImageHeader ReadFrame(ImageHeader header, byte marker, ReadOnlySpan<byte> frame)
    {
        if (header.Width != 0)
        {
            return header with { Problem = "The JPEG file has two frame headers." };
        }

        if (frame.Length < 6 || frame.Length != 6 + (3 * frame[5]))
        {
            return header with { Problem = "The JPEG frame header has the wrong length." };
        }

        header = header with
        {
            Height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]),
            Width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]),
            Components = frame[5],
            Progressive = marker == 0xC2,
        };
        if (header.Width == 0 || header.Height == 0)
        {
            return header with { Problem = "The JPEG frame header declares no pixels." };
        }

        // Baseline, extended and progressive with Huffman coding and 8 bits: all others are for archives, and browsers read none of them.
        bool readable = marker is 0xC0 or 0xC1 or 0xC2 && frame[0] == 8 && header.Components is 1 or 3 or 4;
        const string unreadable =
            "This kind of JPEG (arithmetic, lossless, hierarchical, not 8 bits, or an unusual number of components) is not read.";
        return readable ? header : header with { Problem = unreadable, Unsupported = true };
    }
}
