namespace SixLabors.ImageSharp.Processing;

/// <summary>One of the eight ways to lay a picture: mirrored along either side, and its sides swapped.</summary>
/// <param name="FromRight">The source is read from its right edge.</param>
/// <param name="FromBottom">The source is read from its bottom edge.</param>
/// <param name="SwapSides">The source's columns become rows.</param>
internal sealed record PixelOrder(bool FromRight, bool FromBottom, bool SwapSides)
{
    /// <returns>Null for a picture that is upright, or says no orientation of the standard.</returns>
    public static PixelOrder? ForOrientation(int orientation) => orientation switch
    {
        2 => new(true, false, false),
        3 => new(true, true, false),
        4 => new(false, true, false),
        5 => new(false, false, true),
        6 => new(false, true, true),
        7 => new(true, true, true),
        8 => new(true, false, true),
        _ => null,
    };

    /// <returns>The size of what was written.</returns>
    public Size Apply<TPixel>(ReadOnlySpan<TPixel> source, int width, int height, Span<TPixel> target)
    {
        (int targetWidth, int targetHeight) = SwapSides ? (height, width) : (width, height);
        int origin = (FromRight ? width - 1 : 0) + (FromBottom ? (height - 1) * width : 0);
        int along = FromRight ? -1 : 1;
        int down = FromBottom ? -width : width;
        (int stepX, int stepY) = SwapSides ? (down, along) : (along, down);
        for (int y = 0; y < targetHeight; y++)
        {
            int index = origin + (y * stepY);
            foreach (ref TPixel pixel in target.Slice(y * targetWidth, targetWidth))
            {
                pixel = source[index];
                index += stepX;
            }
        }

        return new Size(targetWidth, targetHeight);
    }
}
