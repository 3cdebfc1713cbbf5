using System.Buffers.Binary;
using System.IO.Compression;
using Saccade.Inference.Decoding;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>A PNG taken apart, so that a test can change a part and put it together with right checksums.</summary>
/// <param name="Header">The header's 13 bytes.</param>
/// <param name="Palette">Three bytes a colour; null for none.</param>
/// <param name="Data">The compressed rows.</param>
internal sealed record PngFile(byte[] Header, byte[]? Palette, byte[] Data)
{
    /// <summary>Takes a sound file apart.</summary>
    public static PngFile Of(byte[] png)
    {
        byte[] header = [];
        byte[]? palette = null;
        var data = new List<byte>();
        ReadOnlySpan<byte> rest = png.AsSpan(Math.Min(8, png.Length));
        while (PngStructure.TryReadChunk(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> chunk))
        {
            if (type.SequenceEqual("IHDR"u8))
            {
                header = chunk.ToArray();
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = chunk.ToArray();
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                data.AddRange(chunk);
            }
        }

        return new PngFile(header, palette, [.. data]);
    }

    /// <summary>Changes the rows, filters and all, and compresses them again.</summary>
    public PngFile WithRows(Func<byte[], byte[]> change)
    {
        using var rows = new MemoryStream();
        using (var inflate = new ZLibStream(new MemoryStream(Data), CompressionMode.Decompress))
        {
            inflate.CopyTo(rows);
        }

        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(change(rows.ToArray()));
        }

        return this with
        {
            Data = data.ToArray(),
        };
    }

    /// <summary>Puts the file together.</summary>
    /// <param name="step">Most bytes of data in a chunk.</param>
    public byte[] Encode(int step = int.MaxValue)
    {
        using var png = new MemoryStream();
        png.Write(PngStructure.Signature);
        WriteChunk(png, "IHDR"u8, Header);
        if (Palette is not null)
        {
            WriteChunk(png, "PLTE"u8, Palette);
        }

        for (int start = 0; start < Data.Length; start += Math.Min(step, Data.Length - start))
        {
            WriteChunk(png, "IDAT"u8, Data.AsSpan(start, Math.Min(step, Data.Length - start)));
        }

        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>Appends a chunk with its length and checksum.</summary>
    public static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4..), Crc32.Of(chunk.AsSpan()[4..^4]));
        png.Write(chunk);
    }
}
