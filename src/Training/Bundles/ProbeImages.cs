using Saccade.Inference.Decoding;
using Saccade.Training.Data;

namespace Saccade.Training.Bundles;

/// <summary>
/// Made-up images that are the same to the bit on every machine: rectangles of many colours and sizes under some noise. None has the
/// input's shape, so that resize, filter, crop, channel order and normalisation all show in what a network answers.
/// </summary>
/// <param name="side">Rows and columns of the network's input, in pixels; the images' sizes follow from it.</param>
/// <param name="count">How many.</param>
internal sealed class ProbeImages(int side, int count) : IImageSource
{
    private const long Seed = 0x7072_6f62;
    private const int Rectangles = 24;
    private const int Noise = 16;
    private const int Channels = 3;

    public int Count => count;

    public int LabelOf(int index) => 0;

    public DecodedImage Load(int index)
    {
        var (width, height) = SizeOf(index);
        var random = SplitMix64.At(Seed, side, index);
        var pixels = new byte[Channels * width * height];
        Paint(pixels, width, 0, 0, width, height, ref random);
        for (var i = 0; i < Rectangles; i++)
        {
            var (left, top) = (random.Next(width), random.Next(height));
            Paint(pixels, width, left, top, 1 + random.Next(width - left), 1 + random.Next(height - top), ref random);
        }

        foreach (ref var value in pixels.AsSpan())
            value = (byte)Math.Clamp(value + random.Next((2 * Noise) + 1) - Noise, 0, byte.MaxValue);
        return new DecodedImage(pixels, width, height);
    }

    /// <summary>Lying and standing, larger and smaller than the input.</summary>
    private (int Width, int Height) SizeOf(int index) =>
        (index % 4) switch
        {
            0 => ((2 * side) + 3, (3 * side / 2) + 1),
            1 => ((4 * side / 3) + 2, (7 * side / 4) + 1),
            2 => ((3 * side / 4) + 1, (side / 2) + 2),
            _ => ((5 * side / 4) + 1, (5 * side / 2) + 2),
        };

    private static void Paint(Span<byte> pixels, int stride, int left, int top, int width, int height, ref SplitMix64 random)
    {
        ReadOnlySpan<byte> colour = [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)];
        for (var y = top; y < top + height; y++)
        {
            for (var x = left; x < left + width; x++)
                colour.CopyTo(pixels[(Channels * ((y * stride) + x))..]);
        }
    }
}
