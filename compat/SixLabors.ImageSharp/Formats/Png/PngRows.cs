using System.IO.Compression;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Inflates a PNG's rows and undoes their filters.</summary>
internal sealed class PngRows(PngHeader header, DeflateStream inflated)
{
    private readonly int _pixelBytes = Math.Max(1, header.BitsPerPixel / 8);

    // The filter's number, then the row.
    private byte[] _current = [];
    private byte[] _previous = [];

    public void BeginPass(int width)
    {
        long length = 1 + ((((long)width * header.BitsPerPixel) + 7) / 8);
        if (length > System.Array.MaxLength)
        {
            throw new InvalidImageContentException($"Cannot decode a PNG row of {length} bytes.");
        }

        _current = new byte[length];
        _previous = new byte[length];
    }

    public bool TryRead(out ReadOnlySpan<byte> row)
    {
        (_current, _previous) = (_previous, _current);
        row = _current.AsSpan(1);
        if (inflated.ReadAtLeast(_current, _current.Length, throwOnEndOfStream: false) < _current.Length)
        {
            return false;
        }

        Unfilter(_current[0], _current.AsSpan(1), _previous.AsSpan(1));
        return true;
    }

    private void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = _pixelBytes; i < row.Length; i++)
                {
                    row[i] += row[i - _pixelBytes];
                }

                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3:
                for (int i = 0; i < row.Length; i++)
                {
                    int left = i < _pixelBytes ? 0 : row[i - _pixelBytes];
                    row[i] += (byte)((left + above[i]) >> 1);
                }

                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += i < _pixelBytes ? above[i] : Paeth(row[i - _pixelBytes], above[i], above[i - _pixelBytes]);
                }

                break;
            default:
                throw new InvalidImageContentException("Unknown filter type.");
        }
    }

    private static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        int fromLeft = Math.Abs(above - aboveLeft);
        int fromAbove = Math.Abs(left - aboveLeft);
        int fromBoth = Math.Abs(left + above - (2 * aboveLeft));
        if (fromLeft <= fromAbove && fromLeft <= fromBoth)
        {
            return left;
        }

        return fromAbove <= fromBoth ? above : aboveLeft;
    }
}
