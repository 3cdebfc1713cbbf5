using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>Walks the chunks of a PNG file (W3C PNG, third edition, clause 5) from IHDR to IEND.</summary>
internal static class PngStructure
{
    /// <summary>Bytes of a chunk besides its data: length, type, checksum.</summary>
    public const int ChunkOverhead = 12;

    /// <summary>Deflate cannot make more than 1032 bytes of one (zlib's technical details).</summary>
    private const uint LargestExpansion = 1032;

    /// <summary>ImageSharp 2.1 loses its place, and then never ends, where one of Adam7's passes has no column.</summary>
    private const int NarrowestInterlaced = 5;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        var header = new ImageHeader { Format = ImageFormat.Png };
        PngHeader? png = null;
        bool hasPalette = false;
        long compressed = 0;
        ReadOnlySpan<byte> rest = file[Signature.Length..];
        while (TryReadChunk(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data))
        {
            if (type.SequenceEqual("IHDR"u8) != png is null)
            {
                return header with { Problem = "The PNG file does not start with exactly one header chunk." };
            }

            if (png is null)
            {
                png = PngHeader.Read(data);
                if (png is null)
                {
                    return header with { Problem = "The PNG header chunk is damaged, or declares an impossible size or colour type." };
                }

                header = header with { Width = png.Value.Width, Height = png.Value.Height };
            }
            else if (type.SequenceEqual("PLTE"u8) && compressed == 0)
            {
                hasPalette = true;
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                compressed += data.Length;
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                header = header with { Orientation = header.Orientation ?? ExifOrientation.Find(data) };
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                return Finish(header, png.Value, hasPalette, compressed);
            }
        }

        return header with
        {
            Problem = "The PNG file is cut off: it has no end chunk.",
        };
    }

    /// <summary>Moves behind the next chunk.</summary>
    /// <param name="rest">From the chunk on; afterwards, what follows it.</param>
    /// <param name="type">Four letters.</param>
    /// <param name="data">What it holds; its checksum is not looked at.</param>
    /// <returns>False where no whole chunk is left.</returns>
    public static bool TryReadChunk(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data)
    {
        type = default;
        data = default;
        if (rest.Length < ChunkOverhead)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > (uint)(rest.Length - ChunkOverhead))
        {
            return false;
        }

        type = rest.Slice(4, 4);
        data = rest.Slice(8, (int)length);
        rest = rest[(ChunkOverhead + (int)length)..];
        return true;
    }

    private static ImageHeader Finish(ImageHeader header, PngHeader png, bool hasPalette, long compressed)
    {
        if (compressed == 0 || (UInt128)compressed * LargestExpansion < png.RowsLength)
        {
            return header with { Problem = "The PNG file declares more pixels than its data can hold." };
        }

        if (png.HasPalette && !hasPalette)
        {
            return header with { Problem = "The PNG file has no palette for its colours." };
        }

        string narrow = $"Interlaced PNG files less than {NarrowestInterlaced} pixels wide are not read.";
        return png.Interlaced && png.Width < NarrowestInterlaced ? header with { Problem = narrow, Unsupported = true } : header;
    }
}
