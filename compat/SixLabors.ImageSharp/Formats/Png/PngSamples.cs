using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Turns a row of samples, of whatever colour type and depth, into 8-bit colour.</summary>
internal sealed class PngSamples(PngHeader header, byte[] palette)
{
    public void ToPixels(ReadOnlySpan<byte> row, Span<Rgb24> pixels)
    {
        if (header.BitDepth == 8 && header.ColorType == PngColorType.Rgb)
        {
            MemoryMarshal.Cast<byte, Rgb24>(row).CopyTo(pixels);
            return;
        }

        for (int x = 0; x < pixels.Length; x++)
        {
            pixels[x] = PixelAt(row, x);
        }
    }

    private Rgb24 PixelAt(ReadOnlySpan<byte> row, int x)
    {
        int first = x * header.Channels;
        switch (header.ColorType)
        {
            case PngColorType.Palette:
                // An index past the palette's end is an error of the file; the last colour is as good as any.
                int entry = Math.Min(Sample(row, x), (palette.Length / 3) - 1);
                return new Rgb24(palette[3 * entry], palette[(3 * entry) + 1], palette[(3 * entry) + 2]);
            case PngColorType.Rgb or PngColorType.RgbWithAlpha:
                return new Rgb24(EightBits(row, first), EightBits(row, first + 1), EightBits(row, first + 2));
            default:
                byte grey = EightBits(row, first);
                return new Rgb24(grey, grey, grey);
        }
    }

    private byte EightBits(ReadOnlySpan<byte> row, int index)
    {
        int sample = Sample(row, index);
        return header.BitDepth switch
        {
            8 => (byte)sample,
            16 => (byte)(((sample * 255) + 32895) >> 16),
            _ => (byte)(sample * 255 / ((1 << header.BitDepth) - 1)),
        };
    }

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        switch (header.BitDepth)
        {
            case 8:
                return row[index];
            case 16:
                return BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]);
            default:
                int bit = index * header.BitDepth;
                return (row[bit / 8] >> (8 - header.BitDepth - (bit % 8))) & ((1 << header.BitDepth) - 1);
        }
    }
}
