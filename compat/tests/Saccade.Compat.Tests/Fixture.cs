using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Compat.Tests;

/// <summary>The files that Fixtures/make.py wrote, and the pixels they hold.</summary>
internal static class Fixture
{
    public const int Width = 29;
    public const int Height = 19;

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", name));

    public static IEnumerable<string> All() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures")).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static Rgb24 Colour(int x, int y) => new((byte)(x * 8), (byte)(y * 13), (byte)(x * y));

    public static Rgb24 Grey(int x, int y)
    {
        byte value = (byte)((x * 8) + (y * 2));
        return new Rgb24(value, value, value);
    }

    /// <summary>The largest difference in any channel.</summary>
    public static int Difference(Image<Rgb24> image, Func<int, int, Rgb24> expected)
    {
        int largest = 0;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                Rgb24 wanted = expected(x, y);
                Rgb24 got = image[x, y];
                largest = new[] { largest, Math.Abs(wanted.R - got.R), Math.Abs(wanted.G - got.G), Math.Abs(wanted.B - got.B) }.Max();
            }
        }

        return largest;
    }
}
