namespace Saccade.Training.Data;

/// <summary>
/// Colour distortions of TensorFlow's Inception code (architectures.md §3.3): brightness by up to 32/255, saturation and contrast by
/// factors of 0.5 to 1.5, hue by up to a fifth of the circle, in one of the two orders that its input threads took turns with.
/// </summary>
internal static class InceptionColours
{
    private const int Channels = 3;
    private const double MaxBrightness = 32.0 / 255;
    private const double MaxHue = 0.2;
    private const double Spread = 0.5;

    private static readonly Distortion[][] Orders =
    [
        [Distortion.Brightness, Distortion.Saturation, Distortion.Hue, Distortion.Contrast],
        [Distortion.Brightness, Distortion.Contrast, Distortion.Saturation, Distortion.Hue],
    ];

    private enum Distortion
    {
        Brightness,
        Saturation,
        Hue,
        Contrast,
    }

    /// <summary>Distorts interleaved 8-bit RGB where it is; between the steps nothing is rounded or cut.</summary>
    /// <param name="pixels">The crop.</param>
    /// <param name="strength">Share of the published ranges.</param>
    /// <param name="random">The sample's stream.</param>
    public static void Distort(Span<byte> pixels, double strength, ref SplitMix64 random)
    {
        var values = new float[pixels.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = pixels[i] / 255f;

        foreach (var distortion in Orders[random.Next(Orders.Length)])
        {
            var draw = (float)(strength * random.NextDouble(-1, 1));
            switch (distortion)
            {
                case Distortion.Brightness:
                    Brightness(values, draw * (float)MaxBrightness);
                    break;
                case Distortion.Saturation:
                    Saturation(values, 1 + (draw * (float)Spread));
                    break;
                case Distortion.Hue:
                    Hue(values, draw * (float)MaxHue);
                    break;
                default:
                    Contrast(values, 1 + (draw * (float)Spread));
                    break;
            }
        }

        for (var i = 0; i < values.Length; i++)
            pixels[i] = (byte)MathF.Round(255 * Math.Clamp(values[i], 0, 1));
    }

    /// <summary>Adds the same to every value.</summary>
    internal static void Brightness(Span<float> values, float delta)
    {
        foreach (ref var value in values)
            value += delta;
    }

    /// <summary>Away from each channel's own mean.</summary>
    internal static void Contrast(Span<float> values, float factor)
    {
        for (var channel = 0; channel < Channels; channel++)
        {
            var sum = 0.0;
            for (var i = channel; i < values.Length; i += Channels)
                sum += values[i];
            var mean = (float)(sum * Channels / values.Length);
            for (var i = channel; i < values.Length; i += Channels)
                values[i] = mean + (factor * (values[i] - mean));
        }
    }

    /// <summary>Multiplies the saturation of HSV, which stays within 0 to 1.</summary>
    internal static void Saturation(Span<float> values, float factor)
    {
        for (var i = 0; i < values.Length; i += Channels)
        {
            var (hue, low, high) = ToHue(values.Slice(i, Channels));
            var saturation = high > 0 ? Math.Clamp(factor * (high - low) / high, 0, 1) : 0;
            FromHue(hue, high - (high * saturation), high, values.Slice(i, Channels));
        }
    }

    /// <summary>Turns the hue of HSV.</summary>
    /// <param name="values">Interleaved RGB.</param>
    /// <param name="delta">Part of a full turn.</param>
    internal static void Hue(Span<float> values, float delta)
    {
        for (var i = 0; i < values.Length; i += Channels)
        {
            var (hue, low, high) = ToHue(values.Slice(i, Channels));
            FromHue(hue + (6 * delta), low, high, values.Slice(i, Channels));
        }
    }

    // A colour as its hue in sixths of a turn with the least and the greatest of its three values.
    private static (float Hue, float Low, float High) ToHue(ReadOnlySpan<float> pixel)
    {
        var (red, green, blue) = (pixel[0], pixel[1], pixel[2]);
        var (low, high) = (Math.Min(red, Math.Min(green, blue)), Math.Max(red, Math.Max(green, blue)));
        var range = high - low;
        if (range <= 0)
            return (0, low, high);
        if (high == red)
            return ((green - blue) / range, low, high);
        return high == green ? (2 + ((blue - red) / range), low, high) : (4 + ((red - green) / range), low, high);
    }

    private static void FromHue(float hue, float low, float high, Span<float> pixel)
    {
        pixel[0] = low + ((high - low) * Share(hue));
        pixel[1] = low + ((high - low) * Share(hue - 2));
        pixel[2] = low + ((high - low) * Share(hue - 4));
    }

    // How far towards the greatest value a channel is whose own hue lies so many sixths away: 1 within one, 0 from two on.
    private static float Share(float sixths)
    {
        var away = Math.Abs(sixths - (6 * MathF.Round(sixths / 6)));
        return Math.Clamp(2 - away, 0, 1);
    }
}
