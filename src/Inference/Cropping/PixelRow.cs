using System.Runtime.Intrinsics;

namespace Saccade.Inference.Cropping;

/// <summary>One row of interleaved pixels, taken apart or turned round.</summary>
internal static class PixelRow
{
    private const int Channels = 3;
    private const int Block = 16;

    /// <summary>Splits a row into its colours.</summary>
    public static void Split(ReadOnlySpan<byte> row, Span<byte> red, Span<byte> green, Span<byte> blue, bool mirrored)
    {
        int width = row.Length / Channels;
        int x = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; x <= width - Block; x += Block)
            {
                ReadOnlySpan<byte> block = row.Slice(Channels * (mirrored ? width - Block - x : x), Channels * Block);
                Vector128<byte> first = Vector128.Create(block);
                Vector128<byte> second = Vector128.Create(block[Block..]);
                Vector128<byte> third = Vector128.Create(block[(2 * Block)..]);
                Gather(first, second, third, 0, mirrored).CopyTo(red[x..]);
                Gather(first, second, third, 1, mirrored).CopyTo(green[x..]);
                Gather(first, second, third, 2, mirrored).CopyTo(blue[x..]);
            }
        }

        for (; x < width; x++)
        {
            int from = Channels * (mirrored ? width - 1 - x : x);
            red[x] = row[from];
            green[x] = row[from + 1];
            blue[x] = row[from + 2];
        }
    }

    /// <summary>Copies a row that stays interleaved.</summary>
    public static void Copy(ReadOnlySpan<byte> row, Span<byte> destination, bool mirrored, bool reversed)
    {
        if (!mirrored && !reversed)
        {
            row.CopyTo(destination);
            return;
        }

        int width = row.Length / Channels;
        int red = reversed ? 2 : 0;
        for (int x = 0; x < width; x++)
        {
            int from = Channels * (mirrored ? width - 1 - x : x);
            int to = Channels * x;
            destination[to + red] = row[from];
            destination[to + 1] = row[from + 1];
            destination[to + 2 - red] = row[from + 2];
        }
    }

    /// <summary>
    /// Picks one colour out of sixteen pixels. Lane n wants byte 3n + colour (or of the pixel opposite) of the three vectors in a row.
    /// </summary>
    private static Vector128<byte> Gather(Vector128<byte> first, Vector128<byte> second, Vector128<byte> third, byte colour, bool mirrored)
    {
        Vector128<byte> wanted = (Vector128<byte>.Indices * (byte)Channels) + Vector128.Create(colour);
        if (mirrored)
        {
            wanted = Vector128.Create((byte)((Channels * (Block - 1)) + (2 * colour))) - wanted;
        }

        // An index outside 0…15 shuffles in a zero, so each vector contributes the bytes that it holds and nothing else.
        Vector128<byte> one = Vector128.Create((byte)Block);
        return Vector128.Shuffle(first, wanted) | Vector128.Shuffle(second, wanted - one) | Vector128.Shuffle(third, wanted - one - one);
    }
}
