namespace Saccade.Training.Data;

/// <summary>Boxes of random area and aspect ratio within an image.</summary>
/// <param name="Left">Column of the upper left corner.</param>
/// <param name="Top">Row of the upper left corner.</param>
/// <param name="Width">At least 1.</param>
/// <param name="Height">At least 1.</param>
internal readonly record struct RandomBox(int Left, int Top, int Width, int Height)
{
    private const int Attempts = 100;

    /// <summary>Draws a box; null if a hundred attempts gave none that fits.</summary>
    /// <param name="width">Of the image.</param>
    /// <param name="height">Of the image.</param>
    /// <param name="area">Smallest and largest share of the image's area, drawn uniformly.</param>
    /// <param name="maxAspect">Largest ratio of width to height; the smallest is its inverse. Drawn log-uniformly.</param>
    /// <param name="random">The sample's stream.</param>
    public static RandomBox? Draw(int width, int height, (double Min, double Max) area, double maxAspect, ref SplitMix64 random)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var pixels = width * (double)height * random.NextDouble(area.Min, area.Max);
            var aspect = Math.Exp(random.NextDouble(-Math.Log(maxAspect), Math.Log(maxAspect)));
            var boxWidth = (int)Math.Round(Math.Sqrt(pixels * aspect));
            var boxHeight = (int)Math.Round(Math.Sqrt(pixels / aspect));
            if (boxWidth is > 0 && boxWidth <= width && boxHeight is > 0 && boxHeight <= height)
                return new(random.Next(width - boxWidth + 1), random.Next(height - boxHeight + 1), boxWidth, boxHeight);
        }

        return null;
    }
}
