namespace Saccade.Training.Data;

/// <summary>
/// Colour distortions of Howard 2013: brightness, contrast and colour in random order, each enhanced by a factor of 0.5 to 1.5, as
/// Pillow's <c>ImageEnhance</c> does it, to the bit. (His noise along the data set's principal colours is left out.)
/// </summary>
internal static class HowardColours
{
    private const int Channels = 3;
    private const double Spread = 0.5;

    private enum Enhancement
    {
        Brightness,
        Contrast,
        Colour,
    }

    /// <summary>Distorts interleaved 8-bit RGB where it is.</summary>
    /// <param name="pixels">The crop.</param>
    /// <param name="strength">Share of the published spread.</param>
    /// <param name="random">The sample's stream.</param>
    public static void Distort(Span<byte> pixels, double strength, ref SplitMix64 random)
    {
        foreach (var enhancement in random.Permutation(3))
        {
            var factor = (float)random.NextDouble(1 - (Spread * strength), 1 + (Spread * strength));
            switch ((Enhancement)enhancement)
            {
                case Enhancement.Brightness:
                    Brightness(pixels, factor);
                    break;
                case Enhancement.Contrast:
                    Contrast(pixels, factor);
                    break;
                default:
                    Colour(pixels, factor);
                    break;
            }
        }
    }

    /// <summary>Away from black.</summary>
    internal static void Brightness(Span<byte> pixels, float factor)
    {
        foreach (ref var value in pixels)
            value = Blend(0, value, factor);
    }

    /// <summary>Away from the image's mean grey.</summary>
    internal static void Contrast(Span<byte> pixels, float factor)
    {
        long sum = 0;
        for (var i = 0; i < pixels.Length; i += Channels)
            sum += Grey(pixels[i..]);
        var mean = (byte)((sum / (double)(pixels.Length / Channels)) + 0.5);
        foreach (ref var value in pixels)
            value = Blend(mean, value, factor);
    }

    /// <summary>Away from each pixel's own grey.</summary>
    internal static void Colour(Span<byte> pixels, float factor)
    {
        for (var i = 0; i < pixels.Length; i += Channels)
        {
            var grey = Grey(pixels[i..]);
            foreach (ref var value in pixels.Slice(i, Channels))
                value = Blend(grey, value, factor);
        }
    }

    // Pillow's luma: ITU-R 601-2 in 16-bit fixed point.
    private static byte Grey(ReadOnlySpan<byte> pixel) =>
        (byte)(((pixel[0] * 19595) + (pixel[1] * 38470) + (pixel[2] * 7471) + 0x8000) >> 16);

    // Pillow cuts the fraction off.
    private static byte Blend(byte from, byte to, float factor) => (byte)Math.Clamp(from + (factor * (to - from)), 0, 255);
}
