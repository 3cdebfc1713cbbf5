using Saccade.Inference.Bundles;

namespace Saccade.Inference.Cropping;

/// <summary>Pillow's filter functions, in its order of operations, so that weights agree to the last bit.</summary>
internal static class ResampleFilter
{
    /// <summary>Half the width of the filter when not shrinking, in pixels.</summary>
    public static double Support(Interpolation interpolation) =>
        interpolation switch
        {
            Interpolation.Bilinear => 1,
            Interpolation.Bicubic => 2,
            _ => throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "No filter has this name."),
        };

    /// <summary>The filter's value at a distance from its centre.</summary>
    public static double Weight(Interpolation interpolation, double distance)
    {
        double x = Math.Abs(distance);
        if (interpolation == Interpolation.Bilinear)
        {
            return x < 1 ? 1 - x : 0;
        }

        const double A = -0.5;
        return x switch
        {
            < 1 => ((((A + 2) * x) - (A + 3)) * x * x) + 1,
            < 2 => ((((x - 5) * x) + 8) * x - 4) * A,
            _ => 0,
        };
    }
}
