using System.Buffers;

namespace Saccade.Training.Data;

/// <summary>Images ready for the network. Dispose gives the memory back.</summary>
public sealed class Batch : IDisposable
{
    private readonly float[] _pixels;

    /// <summary>Rents memory for a batch.</summary>
    /// <param name="images">Images.</param>
    /// <param name="floatsPerImage">Floats of all crops of one image.</param>
    internal Batch(int images, int floatsPerImage)
    {
        Labels = new long[images];
        Length = images * floatsPerImage;
        _pixels = ArrayPool<float>.Shared.Rent(Length);
    }

    /// <summary>Class of each image.</summary>
    public long[] Labels { get; }

    /// <summary>Normalised pixels, [images × crops, 3, height, width].</summary>
    public Span<float> Pixels => _pixels.AsSpan(0, Length);

    /// <summary>The pixels of some images.</summary>
    public ReadOnlySpan<float> PixelsOf(Range images)
    {
        var (first, count) = images.GetOffsetAndLength(Labels.Length);
        var floats = Length / Labels.Length;
        return Pixels.Slice(first * floats, count * floats);
    }

    private int Length { get; }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<float>.Shared.Return(_pixels);
}
