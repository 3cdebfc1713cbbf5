using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Walks the segments before the first scan, skipping what lies between them.</summary>
internal ref struct JpegSegments(ReadOnlySpan<byte> file)
{
    public const byte StartOfScan = 0xda;
    public const byte EndOfImage = 0xd9;
    public const byte Application1 = 0xe1;

    private ReadOnlySpan<byte> _rest = file[2..];

    public byte Marker { get; private set; }

    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>True on a frame header that can be read: baseline, extended or progressive, Huffman or arithmetic.</summary>
    /// <exception cref="NotSupportedException">A lossless or hierarchical frame.</exception>
    public readonly bool IsFrame => Marker switch
    {
        0xc4 or 0xc8 or 0xcc => false,
        0xc0 or 0xc1 or 0xc2 or 0xc9 or 0xca => true,
        >= 0xc0 and <= 0xcf => throw new NotSupportedException($"JPEG frames of type {Marker:X2} are not supported."),
        _ => false,
    };

    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InvalidImageContentException">A segment says it is longer than the file.</exception>
    public bool MoveNext()
    {
        Data = default;
        while (_rest.IndexOf((byte)0xff) is >= 0 and int at)
        {
            _rest = _rest[(at + 1)..].TrimStart((byte)0xff);
            if (_rest.IsEmpty)
            {
                return false;
            }

            Marker = _rest[0];
            _rest = _rest[1..];
            if (Marker is 0 or 1 or (>= 0xd0 and <= 0xd8))
            {
                continue;
            }

            if (Marker != EndOfImage)
            {
                TakeData();
            }

            return true;
        }

        return false;
    }

    private void TakeData()
    {
        int length = _rest.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_rest);
        if (length < 2 || length > _rest.Length)
        {
            throw new InvalidImageContentException($"Input stream does not have enough bytes to parse declared contents of the {Marker:X2} marker.");
        }

        Data = _rest[2..length];
        _rest = _rest[length..];
    }
}
