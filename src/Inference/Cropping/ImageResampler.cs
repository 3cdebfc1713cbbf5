using System.Buffers;
using Saccade.Inference.Bundles;
using Saccade.Inference.Decoding;

namespace Saccade.Inference.Cropping;

/// <summary>
/// Antialiased resize of interleaved 8-bit RGB, equal to Pillow's <c>Image.resize</c> to the bit: rows first, then columns,
/// fixed-point weights, 8 bits between the passes. Published weights were measured on such pixels. Safe for concurrent use.
/// </summary>
public static class ImageResampler
{
    private const int Channels = 3;

    /// <summary>Resizes a whole image.</summary>
    /// <param name="source">Rows of <c>3 × sourceWidth</c> bytes, without padding.</param>
    /// <param name="sourceWidth">Pixels, at least 1.</param>
    /// <param name="sourceHeight">Pixels, at least 1.</param>
    /// <param name="destination">Receives <c>3 × width × height</c> bytes.</param>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    /// <param name="interpolation">The filter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1, or a span too short for its image.</exception>
    public static void Resize(
        ReadOnlySpan<byte> source,
        int sourceWidth,
        int sourceHeight,
        Span<byte> destination,
        int width,
        int height,
        Interpolation interpolation
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var whole = new PixelBox(0, 0, sourceWidth, sourceHeight);
        var size = new PixelSize(width, height);
        Resize(
            source,
            new PixelSize(sourceWidth, sourceHeight),
            whole,
            destination,
            size,
            new PixelRegion(0, 0, width, height),
            interpolation
        );
    }

    /// <summary>Resizes a part of an image and keeps a region of the result, the only one that is computed.</summary>
    /// <param name="source">The pixels.</param>
    /// <param name="sourceSize">Their columns and rows.</param>
    /// <param name="part">The part of the source that becomes the whole output.</param>
    /// <param name="destination">Receives the region's pixels.</param>
    /// <param name="size">Columns and rows of the whole output.</param>
    /// <param name="region">What of it is wanted.</param>
    /// <param name="interpolation">The filter.</param>
    internal static void Resize(
        ReadOnlySpan<byte> source,
        PixelSize sourceSize,
        PixelBox part,
        Span<byte> destination,
        PixelSize size,
        PixelRegion region,
        Interpolation interpolation
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(
            source.Length,
            checked(sourceSize.Width * sourceSize.Height * Channels),
            nameof(source)
        );
        ArgumentOutOfRangeException.ThrowIfLessThan(
            destination.Length,
            checked(region.Width * region.Height * Channels),
            nameof(destination)
        );
        using var columns = new ResampleWeights(sourceSize.Width, part.Left, part.Right, size.Width, region.X, region.Width, interpolation);
        using var rows = new ResampleWeights(sourceSize.Height, part.Top, part.Bottom, size.Height, region.Y, region.Height, interpolation);

        // Only the source rows that the column pass will ask for are resampled.
        int sourceStride = sourceSize.Width * Channels;
        int stride = region.Width * Channels;
        int firstRow = rows.SourceStart;
        int rowCount = rows.SourceEnd - firstRow;
        byte[] between = ArrayPool<byte>.Shared.Rent(checked(rowCount * stride));
        try
        {
            ResampleRows.Run(source[(firstRow * sourceStride)..], sourceStride, between, rowCount, columns);
            for (int row = 0; row < region.Height; row++)
            {
                ReadOnlySpan<byte> needed = between.AsSpan((rows.First(row) - firstRow) * stride);
                ResampleColumns.Run(needed, stride, destination.Slice(row * stride, stride), rows[row]);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(between);
        }
    }
}
