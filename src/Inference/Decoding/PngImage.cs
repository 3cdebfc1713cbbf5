using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Saccade.Inference.Decoding;

/// <summary>
/// A PNG file reduced to what makes its image: header, palette, and all compressed rows in one chunk. ImageSharp 2.1 meets no
/// other chunk, stumbles over no division of the rows, and starts only when the image <see cref="IsWhole"/>.
/// </summary>
internal sealed class PngImage : IDisposable
{
    private const int HeaderEnd = 33;
    private const int PaletteLength = 3 * 256;
    private const int InflateBuffer = 1 << 16;

    private readonly PngHeader _header;
    private readonly byte[] _file;
    private readonly int _rows;
    private readonly int _rowsLength;
    private readonly int _length;
    private readonly bool _isIntact;

    /// <summary>Copies what is needed.</summary>
    /// <param name="png">A file whose structure was found sound.</param>
    public PngImage(ReadOnlySpan<byte> png)
    {
        _header = PngHeader.Read(png[(PngStructure.Signature.Length + 8)..(HeaderEnd - 4)])!.Value;
        _file = PixelBuffer.Rent(png.Length + PaletteLength + (3 * PngStructure.ChunkOverhead));
        png[..HeaderEnd].CopyTo(_file);
        int palette = HeaderEnd + 8;
        _rows = _header.HasPalette ? palette + PaletteLength + PngStructure.ChunkOverhead : palette;

        // A place beyond a short palette is black to other readers; ImageSharp 2.1 reads whatever lies behind the array.
        _file.AsSpan(palette, PaletteLength).Clear();
        _isIntact = true;
        bool afterRows = false;
        ReadOnlySpan<byte> rest = png[HeaderEnd..];
        ReadOnlySpan<byte> chunk = rest;
        while (PngStructure.TryReadChunk(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data))
        {
            // Rows behind another chunk than their own are no part of the image.
            bool isRows = type.SequenceEqual("IDAT"u8) && !afterRows;
            bool isPalette = _header.HasPalette && type.SequenceEqual("PLTE"u8) && _rowsLength == 0;
            if (isRows)
            {
                data.CopyTo(_file.AsSpan(_rows + _rowsLength));
                _rowsLength += data.Length;
            }
            else if (isPalette)
            {
                data[..Math.Min(data.Length, PaletteLength)].CopyTo(_file.AsSpan(palette));
            }

            if (isRows || isPalette)
            {
                _isIntact &= Crc32.Of(chunk[4..(8 + data.Length)]) == BinaryPrimitives.ReadUInt32BigEndian(chunk[(8 + data.Length)..]);
            }

            afterRows |= _rowsLength > 0 && !isRows;
            chunk = rest;
        }

        if (_header.HasPalette)
        {
            FinishChunk(palette, "PLTE"u8, PaletteLength);
        }

        FinishChunk(_rows, "IDAT"u8, _rowsLength);
        _length = _rows + _rowsLength + PngStructure.ChunkOverhead;
        FinishChunk(_length, "IEND"u8, 0);
        _length += 4;
    }

    /// <summary>The file.</summary>
    public ReadOnlySpan<byte> File => _file.AsSpan(0, _length);

    /// <summary>
    /// Inflates the rows without keeping them. Where rows are missing, ImageSharp 2.1 returns an image that is black from there on,
    /// and of an interlaced file never returns.
    /// </summary>
    /// <returns>Whether every row is there, and every checksum is right.</returns>
    public bool IsWhole()
    {
        if (!_isIntact)
        {
            return false;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(InflateBuffer);
        try
        {
            using var inflate = new ZLibStream(new MemoryStream(_file, _rows, _rowsLength, writable: false), CompressionMode.Decompress);
            UInt128 missing = _header.RowsLength;
            while (missing > 0)
            {
                int read = inflate.Read(buffer, 0, (int)UInt128.Min(missing, (uint)buffer.Length));
                if (read == 0)
                {
                    return false;
                }

                missing -= (uint)read;
            }

            // The checksum is compared when more is asked for. More rows than the header declares are no reader's concern.
            _ = inflate.Read(buffer, 0, 1);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => PixelBuffer.Return(_file);

    /// <summary>Puts length, type and checksum around a chunk's data.</summary>
    private void FinishChunk(int data, ReadOnlySpan<byte> type, int length)
    {
        Span<byte> chunk = _file.AsSpan(data - 8, length + PngStructure.ChunkOverhead);
        BinaryPrimitives.WriteInt32BigEndian(chunk, length);
        type.CopyTo(chunk[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[^4..], Crc32.Of(chunk[4..^4]));
    }
}
