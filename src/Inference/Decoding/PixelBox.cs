namespace Saccade.Inference.Decoding;

/// <summary>Part of an image in pixel coordinates, edges counted from the top left corner; fractions cut a pixel.</summary>
/// <param name="Left">From here,</param>
/// <param name="Top">and here,</param>
/// <param name="Right">to here,</param>
/// <param name="Bottom">and here.</param>
internal readonly record struct PixelBox(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;
}
