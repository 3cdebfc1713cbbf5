namespace Saccade.Training.Data;

/// <summary>
/// The two simple ways to resize interleaved 8-bit RGB that evaluation has no use for and training draws from beside bilinear and
/// bicubic (GoogLeNet §6).
/// </summary>
internal static class PlainResize
{
    private const int Channels = 3;

    /// <summary>Every pixel is the source's at the same place.</summary>
    public static void Nearest(ReadOnlySpan<byte> source, int sourceWidth, int sourceHeight, Span<byte> target, int width, int height)
    {
        for (var y = 0; y < height; y++)
        {
            var row = source.Slice(Channels * sourceWidth * Place(y, height, sourceHeight), Channels * sourceWidth);
            for (var x = 0; x < width; x++)
                row.Slice(Channels * Place(x, width, sourceWidth), Channels).CopyTo(target[(Channels * ((y * width) + x))..]);
        }
    }

    /// <summary>Every pixel is the mean of the source's area that it covers, parts of pixels counted in part.</summary>
    public static void Area(ReadOnlySpan<byte> source, int sourceWidth, int sourceHeight, Span<byte> target, int width, int height)
    {
        var rows = new float[sourceHeight * width * Channels];
        for (var x = 0; x < width; x++)
        {
            var (from, to) = (x * (double)sourceWidth / width, (x + 1) * (double)sourceWidth / width);
            for (var column = (int)from; column < Math.Min(to, sourceWidth); column++)
            {
                var share = (float)((Math.Min(to, column + 1) - Math.Max(from, column)) / (to - from));
                for (var y = 0; y < sourceHeight; y++)
                    Add(source.Slice(Channels * ((y * sourceWidth) + column), Channels), share, rows.AsSpan(Channels * ((y * width) + x)));
            }
        }

        var sums = new float[width * Channels];
        for (var y = 0; y < height; y++)
        {
            Array.Clear(sums);
            var (from, to) = (y * (double)sourceHeight / height, (y + 1) * (double)sourceHeight / height);
            for (var row = (int)from; row < Math.Min(to, sourceHeight); row++)
            {
                var share = (float)((Math.Min(to, row + 1) - Math.Max(from, row)) / (to - from));
                for (var i = 0; i < sums.Length; i++)
                    sums[i] += share * rows[(row * sums.Length) + i];
            }

            for (var i = 0; i < sums.Length; i++)
                target[(y * sums.Length) + i] = (byte)Math.Clamp(MathF.Round(sums[i]), 0, 255);
        }
    }

    private static int Place(int position, int size, int sourceSize) =>
        Math.Min(sourceSize - 1, (int)((position + 0.5) * sourceSize / size));

    private static void Add(ReadOnlySpan<byte> pixel, float share, Span<float> sums)
    {
        for (var channel = 0; channel < Channels; channel++)
            sums[channel] += share * pixel[channel];
    }
}
