using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>Walks the chunks of a PNG file (W3C PNG, third edition, clause 5) from IHDR to IEND.</summary>
internal static class PngStructure
{
    private const int ChunkOverhead = 12;

    /// <summary>Deflate cannot make more than 1032 bytes of one (zlib's technical details).</summary>
    private const long LargestExpansion = 1032;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static ImageHeader Read(ReadOnlySpan<byte> png)
    {
        var header = new ImageHeader { Format = ImageFormat.Png, Orientation = Orientation.Normal };
        ReadOnlySpan<byte> rest = png[Signature.Length..];
        long compressed = 0;
        long rows = 0;
        while (rest.Length >= ChunkOverhead)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > (uint)(rest.Length - ChunkOverhead))
            {
                break;
            }

            ReadOnlySpan<byte> type = rest.Slice(4, 4);
            ReadOnlySpan<byte> data = rest.Slice(8, (int)length);
            if (type.SequenceEqual("IHDR"u8) != (header.Width == 0))
            {
                return header with { Problem = "The PNG file does not start with exactly one header chunk." };
            }

            if (header.Width == 0)
            {
                header = ReadHeader(header, data, out rows);
                if (header.Problem is not null)
                {
                    return header;
                }
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                compressed += length;
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                header = header with { Orientation = ExifOrientation.Read(data) };
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                return compressed == 0 || compressed * LargestExpansion < rows
                    ? header with { Problem = "The PNG file declares more pixels than its data can hold." }
                    : header;
            }

            rest = rest[(ChunkOverhead + (int)length)..];
        }

        return header with { Problem = "The PNG file is cut off: it has no end chunk." };
    }

    /// <param name="header">What is known by now.</param>
    /// <param name="data">The header chunk.</param>
    /// <param name="rows">Least bytes of the rows before compression.</param>
    private static ImageHeader ReadHeader(ImageHeader header, ReadOnlySpan<byte> data, out long rows)
    {
        rows = 0;
        if (data.Length != 13)
        {
            return header with { Problem = "The PNG header chunk has the wrong length." };
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        int channels = data[9] switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue || channels == 0)
        {
            return header with { Problem = "The PNG header declares an impossible size or colour type." };
        }

        rows = (long)(((UInt128)width * height * (uint)channels * data[8]) / 8);
        return header with { Width = (int)width, Height = (int)height };
    }
}
