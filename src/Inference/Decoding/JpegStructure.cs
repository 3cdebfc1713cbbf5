using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>Walks the markers of a JPEG file (ITU-T T.81, annex B) from start to end-of-image.</summary>
internal static class JpegStructure
{
    /// <summary>
    /// A progressive file may repeat scans over the whole picture at the cost of a few bytes each; encoders write about ten.
    /// Without a limit a small file keeps a core busy for minutes.
    /// </summary>
    public const int MaxScans = 64;

    /// <summary>Huffman coding spends at least a bit on each block of 8 × 8 pixels, so a byte cannot hold more than eight blocks.</summary>
    private const int MostPixelsPerByte = 8 * 64;

    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte App1 = 0xE1;

    public static ImageHeader Read(ReadOnlySpan<byte> jpeg)
    {
        var header = new ImageHeader { Format = ImageFormat.Jpeg, Orientation = Orientation.Normal };
        int position = 2;
        int scans = 0;
        while (TryReadMarker(jpeg, ref position, out byte marker))
        {
            if (marker == EndOfImage)
            {
                return Finish(header, scans, jpeg.Length);
            }

            if (marker == StartOfImage)
            {
                return header with { Problem = "The JPEG file starts a second picture inside the first." };
            }

            if (!TryReadSegment(jpeg, ref position, out ReadOnlySpan<byte> segment))
            {
                break;
            }

            if (marker == StartOfScan)
            {
                if (header.Width == 0)
                {
                    return header with { Problem = "The JPEG file has picture data before its frame header." };
                }

                if (++scans > MaxScans)
                {
                    return header with { Problem = $"The JPEG file has more than {MaxScans} scans." };
                }
            }
            else if (IsStartOfFrame(marker))
            {
                header = header.Width == 0 ? ReadFrame(header, marker, segment) : header with { Problem = "The JPEG file has two frame headers." };
                if (header.Problem is not null)
                {
                    return header;
                }
            }
            else if (marker == App1 && scans == 0 && segment.StartsWith("Exif\0\0"u8))
            {
                header = header with { Orientation = ExifOrientation.Read(segment[6..]) };
            }
        }

        return header with { Problem = "The JPEG file is cut off: it has no end marker." };
    }

    private static ImageHeader Finish(ImageHeader header, int scans, int length)
    {
        if (scans == 0)
        {
            return header with { Problem = "The JPEG file contains no picture." };
        }

        return (long)header.Width * header.Height > (long)length * MostPixelsPerByte
            ? header with { Problem = "The JPEG file declares more pixels than its data can hold." }
            : header;
    }

    private static bool IsStartOfFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static ImageHeader ReadFrame(ImageHeader header, byte marker, ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 6)
        {
            return header with { Problem = "The JPEG frame header is too short." };
        }

        header = header with
        {
            Height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]),
            Width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]),
            Components = frame[5],
        };
        if (header.Width == 0 || header.Height == 0)
        {
            return header with { Problem = "The JPEG frame header declares no pixels." };
        }

        // Baseline, extended and progressive with Huffman coding and 8 bits: all others are for archives, and browsers read none of them.
        bool readable = marker is 0xC0 or 0xC1 or 0xC2 && frame[0] == 8 && header.Components is 1 or 3 or 4;
        return readable
            ? header
            : header with { Problem = "This kind of JPEG (arithmetic, lossless, hierarchical, not 8 bits, or an unusual number of components) is not read.", Unsupported = true };
    }

    /// <summary>Moves behind the next marker that is not part of entropy-coded data.</summary>
    private static bool TryReadMarker(ReadOnlySpan<byte> jpeg, ref int position, out byte marker)
    {
        while (true)
        {
            int offset = jpeg[position..].IndexOf((byte)0xFF);
            int code = offset < 0 ? -1 : jpeg[(position + offset)..].IndexOfAnyExcept((byte)0xFF);
            if (code < 0)
            {
                marker = 0;
                return false;
            }

            position += offset + code + 1;
            marker = jpeg[position - 1];

            // 0 is a stuffed byte of entropy-coded data, D0…D7 restart it, 01 stands alone: none of them ends a scan.
            if (marker is not (0 or 1 or (>= 0xD0 and <= 0xD7)))
            {
                return true;
            }
        }
    }

    private static bool TryReadSegment(ReadOnlySpan<byte> jpeg, ref int position, out ReadOnlySpan<byte> segment)
    {
        segment = default;
        ReadOnlySpan<byte> rest = jpeg[position..];
        if (rest.Length < 2)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (length < 2 || length > rest.Length)
        {
            return false;
        }

        segment = rest[2..length];
        position += length;
        return true;
    }
}
