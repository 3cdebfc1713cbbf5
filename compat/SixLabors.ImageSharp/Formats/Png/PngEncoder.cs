using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Writes 8-bit grey (<see cref="L8"/>) or colour PNGs, not interlaced.</summary>
public class PngEncoder : IImageEncoder
{
    public void Encode<TPixel>(Image<TPixel> image, Stream stream)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(PngChunks.Signature);

        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = (byte)(typeof(TPixel) == typeof(L8) ? PngColorType.Grayscale : PngColorType.Rgb);
        WriteChunk(stream, "IHDR"u8, header);

        if (image.Metadata.ExifProfile?.ToByteArray() is { } exif)
        {
            WriteChunk(stream, "eXIf"u8, exif);
        }

        using var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            WriteRows(MemoryMarshal.AsBytes(image.Pixels), image.Height, deflate);
        }

        WriteChunk(stream, "IDAT"u8, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        WriteChunk(stream, "IEND"u8, []);
    }

    /// <summary>Each row as its difference from the one above (filter 2).</summary>
    private static void WriteRows(ReadOnlySpan<byte> pixels, int height, Stream deflate)
    {
        int length = pixels.Length / height;
        var row = new byte[1 + length];
        row[0] = 2;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> current = pixels.Slice(y * length, length);
            for (int i = 0; i < length; i++)
            {
                row[1 + i] = (byte)(current[i] - (y == 0 ? 0 : pixels[((y - 1) * length) + i]));
            }

            deflate.Write(row);
        }
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Of(chunk.AsSpan(4, 4 + data.Length)));
        stream.Write(chunk);
    }
}
