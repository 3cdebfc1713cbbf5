namespace Saccade.Inference.Cropping;

/// <summary>
/// What is shown beyond an image: its own pixels, as far within its edge as they are asked for beyond it. Those at the edge are not
/// doubled, as in training.
/// </summary>
public static class Reflection
{
    /// <summary>The row or column that is shown.</summary>
    /// <param name="position">Anywhere: back and forth over 0 … size − 1.</param>
    /// <param name="size">Rows or columns of the image, at least 1.</param>
    public static int Of(int position, int size)
    {
        if (size == 1)
            return 0;
        int period = 2 * (size - 1);
        int within = ((position % period) + period) % period;
        return Math.Min(within, period - within);
    }

    /// <summary>The part of an image that is shown in a region, which reaches less than one size beyond it.</summary>
    internal static PixelRegion Of(PixelRegion region, PixelSize size)
    {
        (int x, int width) = Of(region.X, region.Width, size.Width);
        (int y, int height) = Of(region.Y, region.Height, size.Height);
        return new PixelRegion(x, y, width, height);
    }

    private static (int Start, int Length) Of(int start, int length, int size)
    {
        int end = start + length;
        (int one, int other) = (Of(start, size), Of(end - 1, size));
        int first = start <= 0 && end > 0 ? 0 : Math.Min(one, other);
        int last = start < size && end >= size ? size - 1 : Math.Max(one, other);
        return (first, last + 1 - first);
    }
}
