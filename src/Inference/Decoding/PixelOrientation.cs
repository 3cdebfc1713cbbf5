using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Saccade.Inference.Decoding;

/// <summary>Turns stored pixels the way the image was seen.</summary>
internal static class PixelOrientation
{
    private const int Channels = 3;
    private const int Tile = 32;

    public static bool SwapsSides(Orientation orientation) => orientation >= Orientation.Transposed;

    /// <summary>Copies an image into its upright form.</summary>
    /// <param name="source">Stored pixels, <paramref name="width"/> × <paramref name="height"/> × 3.</param>
    /// <param name="width">Stored columns.</param>
    /// <param name="height">Stored rows.</param>
    /// <param name="orientation">How they lie.</param>
    /// <param name="destination">As many bytes; the sides swap for the four orientations that turn by a quarter.</param>
    public static void Apply(ReadOnlySpan<byte> source, int width, int height, Orientation orientation, Span<byte> destination)
    {
        // The stored pixel of upright (0, 0), and the steps through storage for one upright column and one upright row.
        int right = width - 1;
        int bottom = (height - 1) * width;
        (int start, int column, int row) = orientation switch
        {
            Orientation.MirroredHorizontally => (right, -1, width),
            Orientation.Rotated180 => (bottom + right, -1, -width),
            Orientation.MirroredVertically => (bottom, 1, -width),
            Orientation.Transposed => (0, width, 1),
            Orientation.RotatedRight => (bottom, -width, 1),
            Orientation.Transversed => (bottom + right, -width, -1),
            Orientation.RotatedLeft => (right, width, -1),
            _ => (0, 1, width),
        };
        (int columns, int rows) = SwapsSides(orientation) ? (height, width) : (width, height);
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Length, width * height * Channels, nameof(source));
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, width * height * Channels, nameof(destination));
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);

        // A quarter turn walks storage across its rows; in small tiles the rows stay in the cache until they are used up.
        for (int top = 0; top < rows; top += Tile)
        {
            for (int left = 0; left < columns; left += Tile)
            {
                int tileRight = Math.Min(left + Tile, columns);
                for (int y = top; y < Math.Min(top + Tile, rows); y++)
                {
                    nint stored = (nint)(start + (y * row) + (left * column)) * Channels;
                    nint upright = ((nint)(y * columns) + left) * Channels;
                    for (int x = left; x < tileRight; x++)
                    {
                        Unsafe.Add(ref to, upright) = Unsafe.Add(ref from, stored);
                        Unsafe.Add(ref to, upright + 1) = Unsafe.Add(ref from, stored + 1);
                        Unsafe.Add(ref to, upright + 2) = Unsafe.Add(ref from, stored + 2);
                        upright += Channels;
                        stored += column * Channels;
                    }
                }
            }
        }
    }

    /// <summary>Where a part of the stored image lies in the upright one.</summary>
    public static PixelBox Apply(PixelBox stored, int width, int height, Orientation orientation)
    {
        PixelBox box = stored;
        int uprightWidth = width;
        int uprightHeight = height;
        if (SwapsSides(orientation))
        {
            box = new PixelBox(stored.Top, stored.Left, stored.Bottom, stored.Right);
            (uprightWidth, uprightHeight) = (height, width);
        }

        if (
            orientation is Orientation.MirroredHorizontally or Orientation.Rotated180 or Orientation.RotatedRight or Orientation.Transversed
        )
        {
            box = box with { Left = uprightWidth - box.Right, Right = uprightWidth - box.Left };
        }

        return orientation is Orientation.Rotated180 or Orientation.MirroredVertically or Orientation.Transversed or Orientation.RotatedLeft
            ? box with
            {
                Top = uprightHeight - box.Bottom,
                Bottom = uprightHeight - box.Top,
            }
            : box;
    }
}
