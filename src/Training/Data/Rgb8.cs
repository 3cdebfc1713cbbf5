using Saccade.Inference.Cropping;
using Saccade.Training.Recipes;

namespace Saccade.Training.Data;

/// <summary>A square of interleaved 8-bit RGB, the last form of a training crop before it becomes floats.</summary>
internal readonly ref struct Rgb8
{
    private const int Channels = 3;

    /// <summary>Wraps <c>side × side × 3</c> bytes.</summary>
    public Rgb8(Span<byte> pixels, int side)
    {
        Pixels = pixels[..(Channels * side * side)];
        Side = side;
    }

    /// <summary>[rows, columns, 3], red first.</summary>
    public Span<byte> Pixels { get; }

    public int Side { get; }

    /// <summary>Copies the window of an image whose upper left corner is at (left, top).</summary>
    public void CopyWindow(ReadOnlySpan<byte> image, int width, int height, int left, int top, BorderKind border = BorderKind.Black)
    {
        if (border == BorderKind.Reflect)
        {
            CopyReflected(image, width, height, left, top);
            return;
        }

        Pixels.Clear();
        var from = Math.Max(0, left);
        var to = Math.Min(width, left + Side);
        if (to <= from)
            return;
        for (var y = Math.Max(0, -top); y < Side && top + y < height; y++)
        {
            image
                .Slice(Channels * (((top + y) * width) + from), Channels * (to - from))
                .CopyTo(Pixels[(Channels * ((y * Side) + from - left))..]);
        }
    }

    /// <summary>Mirrors left to right.</summary>
    public void Flip()
    {
        for (var y = 0; y < Side; y++)
        {
            var row = Pixels.Slice(Channels * y * Side, Channels * Side);
            row.Reverse();
            for (var x = 0; x < Side; x++)
                row.Slice(Channels * x, Channels).Reverse();
        }
    }

    /// <summary>Paints a square in one colour; what of it lies outside the crop is left out.</summary>
    public void Paint(int left, int top, int side, ReadOnlySpan<byte> colour)
    {
        var (from, to) = (Math.Max(0, left), Math.Min(Side, left + side));
        for (var y = Math.Max(0, top); y < Math.Min(Side, top + side); y++)
        {
            for (var x = from; x < to; x++)
                colour.CopyTo(Pixels.Slice(Channels * ((y * Side) + x), Channels));
        }
    }

    /// <summary>Overwrites a box with noise, each byte drawn for itself.</summary>
    public void Erase(int left, int top, int width, int height, ref SplitMix64 random)
    {
        for (var y = top; y < top + height; y++)
        {
            foreach (ref var value in Pixels.Slice(Channels * ((y * Side) + left), Channels * width))
                value = (byte)(random.Next() >> 56);
        }
    }

    private void CopyReflected(ReadOnlySpan<byte> image, int width, int height, int left, int top)
    {
        for (var y = 0; y < Side; y++)
        {
            var row = image.Slice(Channels * width * Reflection.Of(top + y, height), Channels * width);
            for (var x = 0; x < Side; x++)
                row.Slice(Channels * Reflection.Of(left + x, width), Channels).CopyTo(Pixels.Slice(Channels * ((y * Side) + x), Channels));
        }
    }
}
