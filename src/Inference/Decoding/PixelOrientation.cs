namespace Saccade.Inference.Decoding;

/// <summary>Turns stored pixels the way the picture was seen.</summary>
internal static class PixelOrientation
{
    private const int Channels = 3;

    public static bool SwapsSides(Orientation orientation) => orientation >= Orientation.Transposed;

    /// <summary>Copies a picture into its upright form.</summary>
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
        int target = 0;
        for (int y = 0; y < rows; y++)
        {
            int from = (start + (y * row)) * Channels;
            for (int x = 0; x < columns; x++)
            {
                source.Slice(from, Channels).CopyTo(destination[target..]);
                target += Channels;
                from += column * Channels;
            }
        }
    }

    /// <summary>Where a part of the stored picture lies in the upright one.</summary>
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

        if (orientation is Orientation.MirroredHorizontally or Orientation.Rotated180 or Orientation.RotatedRight or Orientation.Transversed)
        {
            box = box with { Left = uprightWidth - box.Right, Right = uprightWidth - box.Left };
        }

        return orientation is Orientation.Rotated180 or Orientation.MirroredVertically or Orientation.Transversed or Orientation.RotatedLeft
            ? box with { Top = uprightHeight - box.Bottom, Bottom = uprightHeight - box.Top }
            : box;
    }
}
