namespace Saccade.Inference.Decoding;

/// <summary>
/// CMYK to RGB as every reader of JPEG does it: four-component files are stored inverted (Adobe's convention), so white is
/// 255 in all four, and the product with the key gives the colour.
/// </summary>
internal static class CmykPixels
{
    public static void ToRgb(ReadOnlySpan<byte> cmyk, Span<byte> rgb)
    {
        int pixels = cmyk.Length / 4;
        for (int i = 0; i < pixels; i++)
        {
            int key = cmyk[(4 * i) + 3];
            for (int channel = 0; channel < 3; channel++)
            {
                rgb[(3 * i) + channel] = (byte)(((cmyk[(4 * i) + channel] * key) + 127) / 255);
            }
        }
    }
}
