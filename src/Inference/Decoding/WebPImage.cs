using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>
/// A WebP file reduced to its image's chunk, and the same with other bytes behind the end of each stretch of coded data. ImageSharp 2.1
/// reads on past the end of data that are too short, as if zeros followed, and says nothing. Such an image depends on what follows;
/// a whole one is the same whatever does.
/// </summary>
internal sealed class WebPImage : IDisposable
{
    private const int RiffHeader = 12;
    private const int ChunkHeader = 8;
    private const int PartitionSize = 3;
    private const int MaxFirstPartition = (1 << 19) - 1;
    private const int MaxPartition = (1 << 24) - 1;

    private readonly byte[] _file;
    private int _length;

    private WebPImage(int capacity, bool lossless)
    {
        _file = PixelBuffer.Rent(RiffHeader + ChunkHeader + capacity + 1);
        Append("RIFF\0\0\0\0WEBP"u8);
        Append(lossless ? "VP8L\0\0\0\0"u8 : "VP8 \0\0\0\0"u8);
    }

    /// <summary>The file.</summary>
    public ReadOnlySpan<byte> File => _file.AsSpan(0, _length);

    /// <summary>What follows the data of a changed copy: far from the zeros that the decoder invents, and without a pattern.</summary>
    private static ReadOnlySpan<byte> Tail =>
        [0xB5, 0x6D, 0xFB, 0x9E, 0xD7, 0x7A, 0xCD, 0xF3, 0xAE, 0x5B, 0xE9, 0x97, 0xDC, 0x76, 0xBA, 0xEF];

    /// <summary>The image as it is stored.</summary>
    public static WebPImage Stored(ReadOnlySpan<byte> webp, ImageHeader header)
    {
        ReadOnlySpan<byte> data = webp[header.Image];
        var image = new WebPImage(data.Length, header.Lossless);
        image.Append(data);
        image.Finish();
        return image;
    }

    /// <summary>The image with other bytes behind its data, and behind each partition of a lossy one.</summary>
    /// <returns>Null when a partition is longer than the data.</returns>
    public static WebPImage? Extended(ReadOnlySpan<byte> webp, ImageHeader header)
    {
        ReadOnlySpan<byte> data = webp[header.Image];
        var image = new WebPImage(data.Length + (9 * Tail.Length), header.Lossless);
        if (header.Lossless)
        {
            image.Append(data);
            image.Append(Tail);
        }
        else if (!image.TryAppendPartitions(data))
        {
            image.Dispose();
            return null;
        }

        image.Finish();
        return image;
    }

    /// <inheritdoc/>
    public void Dispose() => PixelBuffer.Return(_file);

    private bool TryAppendPartitions(ReadOnlySpan<byte> frame)
    {
        int first = Vp8Header.FirstPartition(frame);
        ReadOnlySpan<byte> rest = frame[Vp8Header.Length..];
        if (first > rest.Length)
        {
            return false;
        }

        int tag = _length;
        Append(frame[..Vp8Header.Length]);
        Append(rest[..first]);
        if (first + Tail.Length <= MaxFirstPartition)
        {
            Append(Tail);
            int grown = ((first + Tail.Length) << 5) | (frame[0] & 31);
            WriteUInt24(_file.AsSpan(tag), grown);
        }

        int sizes = PartitionSize * (Vp8Header.TokenPartitions(rest[..first]) - 1);
        rest = rest[first..];
        if (sizes > rest.Length)
        {
            return false;
        }

        int table = _length;
        Append(rest[..sizes]);
        rest = rest[sizes..];
        for (; sizes > 0; sizes -= PartitionSize, table += PartitionSize)
        {
            int size = _file[table] | (_file[table + 1] << 8) | (_file[table + 2] << 16);
            if (size > rest.Length)
            {
                return false;
            }

            Append(rest[..size]);
            rest = rest[size..];
            if (size + Tail.Length <= MaxPartition)
            {
                Append(Tail);
                WriteUInt24(_file.AsSpan(table), size + Tail.Length);
            }
        }

        // The last partition goes to the end of the data.
        Append(rest);
        Append(Tail);
        return true;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_file.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Finish()
    {
        int length = _length - RiffHeader - ChunkHeader;
        BinaryPrimitives.WriteInt32LittleEndian(_file.AsSpan(RiffHeader + 4), length);
        if (length % 2 != 0)
        {
            Append([0]);
        }

        BinaryPrimitives.WriteInt32LittleEndian(_file.AsSpan(4), _length - ChunkHeader);
    }

    private static void WriteUInt24(Span<byte> destination, int value)
    {
        destination[0] = (byte)value;
        destination[1] = (byte)(value >> 8);
        destination[2] = (byte)(value >> 16);
    }
}
