using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>The header chunk of a PNG file (W3C PNG, third edition, 11.2.1), with values that the standard knows.</summary>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="BitsPerPixel">1 to 64.</param>
/// <param name="HasPalette">Pixels are places in the palette.</param>
/// <param name="Interlaced">Pixels come in Adam7's seven passes.</param>
internal readonly record struct PngHeader(int Width, int Height, int BitsPerPixel, bool HasPalette, bool Interlaced)
{
    private const int Length = 13;
    private const byte PaletteColour = 3;

    /// <summary>Where the passes of Adam7 begin, and how far apart their pixels are.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
    [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];

    /// <summary>Bytes of all rows before compression, each with its filter.</summary>
    public UInt128 RowsLength
    {
        get
        {
            if (!Interlaced)
            {
                return Rows(Width, Height);
            }

            UInt128 length = 0;
            foreach ((int x, int y, int stepX, int stepY) in Passes)
            {
                length += Rows(((long)Width - x + stepX - 1) / stepX, ((long)Height - y + stepY - 1) / stepY);
            }

            return length;
        }
    }

    /// <summary>Reads the chunk's data.</summary>
    /// <returns>Null when its length or a value is none of the standard's.</returns>
    public static PngHeader? Read(ReadOnlySpan<byte> data)
    {
        if (data.Length != Length)
        {
            return null;
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        int channels = (data[8], data[9]) switch
        {
            (1 or 2 or 4 or 8 or 16, 0) or (1 or 2 or 4 or 8, PaletteColour) => 1,
            (8 or 16, 2) => 3,
            (8 or 16, 4) => 2,
            (8 or 16, 6) => 4,
            _ => 0,
        };
        bool sized = width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue;
        return sized && channels != 0 && data[10] == 0 && data[11] == 0 && data[12] <= 1
            ? new PngHeader((int)width, (int)height, channels * data[8], data[9] == PaletteColour, data[12] == 1)
            : null;
    }

    private UInt128 Rows(long width, long height) =>
        width <= 0 || height <= 0 ? 0 : (UInt128)height * (1 + ((((UInt128)width * (uint)BitsPerPixel) + 7) / 8));
}
