using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Bench.Images;

/// <summary>
/// An image that costs a decoder what a photo does: broad shading, edges, texture at several scales and sensor noise. The same bytes
/// each time, so that runs on different days compare.
/// </summary>
internal static class SyntheticPhoto
{
    private const int Quality = 90;
    private const int Discs = 40;

    /// <summary>A JPEG of the given size in pixels.</summary>
    public static byte[] Jpeg(int width, int height)
    {
        var random = new Random(20150913);
        var discs = Enumerable
            .Range(0, Discs)
            .Select(_ => new Disc(
                random.Next(width),
                random.Next(height),
                random.Next(8, 80),
                random.Next(256),
                random.Next(256),
                random.Next(256)
            ))
            .ToArray();
        using var image = new Image<Rgb24>(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                image[x, y] = Pixel(x, y, discs, random);
        }

        using var stream = new MemoryStream();
        image.SaveAsJpeg(stream, new JpegEncoder { Quality = Quality });
        return stream.ToArray();
    }

    private static Rgb24 Pixel(int x, int y, Disc[] discs, Random random)
    {
        var (red, green, blue) = (90 + (x * 0.2), 110 + (y * 0.2), 140 - (x * 0.1));
        foreach (var disc in discs)
        {
            if (disc.Covers(x, y))
                (red, green, blue) = (disc.Red, disc.Green, disc.Blue);
        }

        var texture = (12 * Math.Sin(x * 0.7) * Math.Cos(y * 0.9)) + (8 * Math.Sin((x + y) * 0.15)) + (random.NextDouble() * 10) - 5;
        return new Rgb24(Clamp(red + texture), Clamp(green + texture), Clamp(blue + texture));
    }

    private static byte Clamp(double value) => (byte)Math.Clamp(value, 0, 255);

    private readonly record struct Disc(int X, int Y, int Radius, int Red, int Green, int Blue)
    {
        public bool Covers(int x, int y) => ((x - X) * (x - X)) + ((y - Y) * (y - Y)) < Radius * Radius;
    }
}
