namespace Saccade.Training.Data;

/// <summary>
/// RandAugment (Cubuk et al. 2020) in its simple form: so many operations, each drawn from the same fourteen with equal probability, all of
/// one strength. Ranges and operations are torchvision's; signs are drawn.
/// </summary>
internal static class RandAugment
{
    private const int Channels = 3;
    private const int Levels = 256;
    private const double MaxDegrees = 30;
    private const double MaxShear = 0.3;
    private const double MaxShift = 150.0 / 331; // of a side
    private const double MaxEnhancement = 0.9;
    private const int MaxBitsLost = 4;

    private enum Operation
    {
        Identity,
        ShearX,
        ShearY,
        TranslateX,
        TranslateY,
        Rotate,
        Brightness,
        Colour,
        Contrast,
        Sharpness,
        Posterise,
        Solarise,
        AutoContrast,
        Equalise,
    }

    /// <summary>Distorts a crop where it is.</summary>
    /// <param name="crop">Interleaved 8-bit RGB.</param>
    /// <param name="operations">How many, one after the other.</param>
    /// <param name="strength">From 0, which changes little or nothing, to 1, the whole of every range.</param>
    /// <param name="fill">The colour of what comes in from outside.</param>
    /// <param name="random">The sample's stream.</param>
    public static void Distort(Rgb8 crop, int operations, double strength, ReadOnlySpan<byte> fill, ref SplitMix64 random)
    {
        for (var i = 0; i < operations; i++)
        {
            var operation = (Operation)random.Next(Enum.GetValues<Operation>().Length);
            var signed = random.Next(2) == 1 ? strength : -strength;
            Apply(operation, crop, strength, signed, fill);
        }
    }

    private static void Apply(Operation operation, Rgb8 crop, double strength, double signed, ReadOnlySpan<byte> fill)
    {
        var factor = (float)(1 + (MaxEnhancement * signed));
        switch (operation)
        {
            case Operation.ShearX:
                Warp(crop, 1, MaxShear * signed, 0, 1, 0, 0, fill);
                break;
            case Operation.ShearY:
                Warp(crop, 1, 0, MaxShear * signed, 1, 0, 0, fill);
                break;
            case Operation.TranslateX:
                Warp(crop, 1, 0, 0, 1, MaxShift * signed * crop.Side, 0, fill);
                break;
            case Operation.TranslateY:
                Warp(crop, 1, 0, 0, 1, 0, MaxShift * signed * crop.Side, fill);
                break;
            case Operation.Rotate:
                var (sine, cosine) = Math.SinCos(MaxDegrees * signed * Math.PI / 180);
                Warp(crop, cosine, -sine, sine, cosine, 0, 0, fill);
                break;
            case Operation.Brightness:
                HowardColours.Brightness(crop.Pixels, factor);
                break;
            case Operation.Colour:
                HowardColours.Colour(crop.Pixels, factor);
                break;
            case Operation.Contrast:
                HowardColours.Contrast(crop.Pixels, factor);
                break;
            case Operation.Sharpness:
                Sharpen(crop, factor);
                break;
            case Operation.Posterise:
                Map(crop.Pixels, value => (byte)(value & (0xff << (int)Math.Round(MaxBitsLost * strength))));
                break;
            case Operation.Solarise:
                Map(crop.Pixels, value => value >= Levels * (1 - strength) ? (byte)(byte.MaxValue - value) : value);
                break;
            case Operation.AutoContrast:
                Stretch(crop.Pixels);
                break;
            case Operation.Equalise:
                Equalise(crop.Pixels);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes every pixel from where a linear map about the centre, then a shift, says; the nearest one.</summary>
    internal static void Warp(Rgb8 crop, double xx, double xy, double yx, double yy, double shiftX, double shiftY, ReadOnlySpan<byte> fill)
    {
        var side = crop.Side;
        var source = crop.Pixels.ToArray();
        var centre = (side - 1) / 2.0;
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var (fromX, fromY) = (
                    (int)Math.Round((xx * (x - centre)) + (xy * (y - centre)) + centre + shiftX),
                    (int)Math.Round((yx * (x - centre)) + (yy * (y - centre)) + centre + shiftY)
                );
                var inside = fromX >= 0 && fromX < side && fromY >= 0 && fromY < side;
                var pixel = inside ? source.AsSpan(Channels * ((fromY * side) + fromX), Channels) : fill;
                pixel.CopyTo(crop.Pixels[(Channels * ((y * side) + x))..]);
            }
        }
    }

    /// <summary>Each channel's darkest value to 0 and its brightest to 255.</summary>
    internal static void Stretch(Span<byte> pixels)
    {
        for (var channel = 0; channel < Channels; channel++)
        {
            var (low, high) = (byte.MaxValue, byte.MinValue);
            for (var i = channel; i < pixels.Length; i += Channels)
                (low, high) = (Math.Min(low, pixels[i]), Math.Max(high, pixels[i]));
            for (var i = channel; high > low && i < pixels.Length; i += Channels)
                pixels[i] = (byte)(byte.MaxValue * (pixels[i] - low) / (high - low));
        }
    }

    /// <summary>Each channel's values so that all are about equally frequent, as Pillow's <c>ImageOps.equalize</c> has it.</summary>
    internal static void Equalise(Span<byte> pixels)
    {
        Span<int> counts = stackalloc int[Levels];
        Span<byte> table = stackalloc byte[Levels];
        for (var channel = 0; channel < Channels; channel++)
        {
            counts.Clear();
            for (var i = channel; i < pixels.Length; i += Channels)
                counts[pixels[i]]++;
            var last = counts[counts.LastIndexOfAnyExcept(0)];
            var step = ((pixels.Length / Channels) - last) / (Levels - 1);
            if (step == 0)
                continue;
            var sum = step / 2;
            for (var level = 0; level < Levels; level++)
            {
                table[level] = (byte)Math.Min(sum / step, byte.MaxValue);
                sum += counts[level];
            }

            for (var i = channel; i < pixels.Length; i += Channels)
                pixels[i] = table[pixels[i]];
        }
    }

    // Away from a copy smoothed by Pillow's kernel, 1 around 5; the border stays.
    private static void Sharpen(Rgb8 crop, float factor)
    {
        const int Middle = 5;
        const int Sum = 13;
        var side = crop.Side;
        var source = crop.Pixels.ToArray();
        for (var y = 1; y < side - 1; y++)
        {
            for (var i = Channels; i < Channels * (side - 1); i++)
            {
                var at = (Channels * y * side) + i;
                var total = (Middle - 1) * source[at];
                for (var row = -1; row <= 1; row++)
                {
                    for (var column = -1; column <= 1; column++)
                        total += source[at + (Channels * ((row * side) + column))];
                }

                var smooth = total / (float)Sum;
                crop.Pixels[at] = (byte)Math.Clamp(smooth + (factor * (source[at] - smooth)), 0, byte.MaxValue);
            }
        }
    }

    private static void Map(Span<byte> pixels, Func<byte, byte> map)
    {
        foreach (ref var value in pixels)
            value = map(value);
    }
}
