using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace SixLabors.ImageSharp;

/// <summary>A picture: rows from the top, without gaps, in a pooled array that goes back when the picture is disposed.</summary>
public sealed class Image<TPixel> : Image
    where TPixel : unmanaged, IPixel<TPixel>
{
    private TPixel[]? _pixels;

    public Image(int width, int height)
        : this(width, height, new ImageMetadata())
    {
    }

    public Image(int width, int height, TPixel backgroundColor)
        : this(width, height)
        => Pixels.Fill(backgroundColor);

    internal Image(int width, int height, ImageMetadata metadata)
        : base(metadata, new Size(width, height))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if ((long)width * height > System.Array.MaxLength / Unsafe.SizeOf<TPixel>())
        {
            throw new InvalidImageContentException($"Cannot decode an image of {width} × {height} pixels: it exceeds the memory limit.");
        }

        _pixels = ArrayPool<TPixel>.Shared.Rent(width * height);
        Pixels.Clear();
    }

    internal Span<TPixel> Pixels => Array.AsSpan(0, Width * Height);

    private TPixel[] Array => _pixels ?? throw new ObjectDisposedException(nameof(Image));

    public TPixel this[int x, int y]
    {
        get => Pixels[IndexOf(x, y)];
        set => Pixels[IndexOf(x, y)] = value;
    }

    public void ProcessPixelRows(PixelAccessorAction<TPixel> processPixels)
    {
        ArgumentNullException.ThrowIfNull(processPixels);
        processPixels(new PixelAccessor<TPixel>(Pixels, Width, Height));
    }

    public void CopyPixelDataTo(Span<TPixel> destination) => Pixels.CopyTo(destination);

    public void CopyPixelDataTo(Span<byte> destination) => MemoryMarshal.AsBytes(Pixels).CopyTo(destination);

    public bool DangerousTryGetSinglePixelMemory(out Memory<TPixel> memory)
    {
        memory = Array.AsMemory(0, Width * Height);
        return true;
    }

    public Image<TPixel> Clone()
    {
        var clone = new Image<TPixel>(Width, Height, Metadata.DeepClone());
        Pixels.CopyTo(clone.Pixels);
        return clone;
    }

    public override Image<TPixel2> CloneAs<TPixel2>()
    {
        var clone = new Image<TPixel2>(Width, Height, Metadata.DeepClone());
        Span<TPixel2> target = clone.Pixels;
        switch (Array)
        {
            case Rgb24[] colours:
                for (int i = 0; i < target.Length; i++)
                {
                    target[i].FromRgb24(colours[i]);
                }

                break;
            case L8[] greys:
                for (int i = 0; i < target.Length; i++)
                {
                    target[i].FromL8(greys[i]);
                }

                break;
            default:
                clone.Dispose();
                throw new NotSupportedException($"Pixels of type {typeof(TPixel).Name} cannot be converted.");
        }

        return clone;
    }

    internal override void Reorder(PixelOrder order)
    {
        TPixel[] target = ArrayPool<TPixel>.Shared.Rent(Width * Height);
        Size size = order.Apply(Pixels, Width, Height, target.AsSpan());
        ArrayPool<TPixel>.Shared.Return(Array);
        _pixels = target;
        Size = size;
    }

    private protected override void EncodeWith(IImageEncoder encoder, Stream stream) => encoder.Encode(this, stream);

    protected override void Dispose(bool disposing)
    {
        if (_pixels is { } pixels)
        {
            _pixels = null;
            ArrayPool<TPixel>.Shared.Return(pixels);
        }
    }

    private int IndexOf(int x, int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width, nameof(x));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return (y * Width) + x;
    }
}
