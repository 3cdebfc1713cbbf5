namespace Saccade.Inference.Decoding;

/// <summary>A decoded image: interleaved 8-bit RGB, rows top to bottom without padding, EXIF orientation applied.</summary>
/// <remarks>The pixels may live in a rented array that is larger than the image; dispose to give it back.</remarks>
public sealed class DecodedImage : IDisposable
{
    private readonly byte[] _pixels;
    private readonly Action<byte[]>? _release;
    private bool _disposed;

    /// <summary>Wraps pixels.</summary>
    /// <param name="pixels">At least <c>width × height × 3</c> bytes.</param>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    /// <param name="release">Called once with <paramref name="pixels"/> on disposal; null if nothing needs giving back.</param>
    public DecodedImage(byte[] pixels, int width, int height, Action<byte[]>? release = null)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.LongLength < 3L * width * height)
        {
            throw new ArgumentException(
                $"{width}×{height} needs {3L * width * height} bytes; the buffer has {pixels.LongLength}.",
                nameof(pixels)
            );
        }

        _pixels = pixels;
        _release = release;
        Width = width;
        Height = height;
        FullWidth = width;
        FullHeight = height;
        Visible = new PixelBox(0, 0, width, height);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns of the image as it was encoded; larger than <see cref="Width"/> when it was read at a fraction of its
    /// size.</summary>
    public int FullWidth { get; init; }

    /// <summary>Rows of the image as it was encoded.</summary>
    public int FullHeight { get; init; }

    /// <summary>What of the pixels is image: all of it, but for a fraction of the edge when read at a fraction of its size.</summary>
    internal PixelBox Visible { get; init; }

    /// <summary>The pixels, <c>Width × Height × 3</c> bytes.</summary>
    public ReadOnlySpan<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _pixels.AsSpan(0, 3 * Width * Height);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _release?.Invoke(_pixels);
        }
    }
}
