namespace Saccade.Training.Data;

/// <summary>Mean and standard deviation of the pixels, per channel, on the scale where white is 1.</summary>
/// <param name="Mean">Red, green, blue.</param>
/// <param name="Std">Red, green, blue; at least 1/255, so that a channel that never changes can be divided by it.</param>
public sealed record PixelStatistics(IReadOnlyList<float> Mean, IReadOnlyList<float> Std)
{
    private const int MaxImages = 10_000;
    private const int Channels = 3;

    /// <summary>Measures at most 10,000 images, evenly spaced; every image counts by its pixels. Rounded to four digits.</summary>
    public static PixelStatistics Of(IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var images = Math.Min(MaxImages, source.Count);
        var histograms = new long[Channels, 256];
        for (var i = 0; i < images; i++)
        {
            using var image = source.Load((int)((long)i * source.Count / images));
            var pixels = image.Pixels;
            for (var p = 0; p < pixels.Length; p++)
                histograms[p % Channels, pixels[p]]++;
        }

        var moments = Enumerable.Range(0, Channels).Select(channel => Moments(histograms, channel)).ToArray();
        return new([.. moments.Select(moment => moment.Mean)], [.. moments.Select(moment => moment.Std)]);
    }

    private static (float Mean, float Std) Moments(long[,] histograms, int channel)
    {
        double count = 0,
            sum = 0,
            squares = 0;
        for (var value = 0; value < 256; value++)
        {
            var weight = histograms[channel, value];
            var level = value / 255.0;
            count += weight;
            sum += weight * level;
            squares += weight * level * level;
        }

        var mean = sum / count;
        var std = Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)));
        return ((float)Math.Round(mean, 4), (float)Math.Round(Math.Max(std, 1 / 255.0), 4));
    }
}
