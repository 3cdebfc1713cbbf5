using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Inference.Decoding;

/// <summary>The rented pixels of one picture between the decoder and its upright form.</summary>
/// <param name="header">A header within the limits.</param>
/// <param name="reduction">1, 2, 4 or 8: how many stored pixels become one, along each side.</param>
internal sealed class StoredPixels(ImageHeader header, int reduction) : IDisposable
{
    /// <summary>No format is registered: each call names its decoder, so that no other can be reached.</summary>
    private static readonly Configuration ImageSharp = new()
    {
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = 160 }),
    };

    private readonly int _width = (header.Width + reduction - 1) / reduction;
    private readonly int _height = (header.Height + reduction - 1) / reduction;
    private byte[]? _rgb;

    private int Length => 3 * _width * _height;

    /// <summary>Reads a JPEG with libjpeg-turbo.</summary>
    /// <returns>Null, or what is wrong with the file.</returns>
    public string? ReadJpeg(ReadOnlySpan<byte> encoded, TurboJpeg turbo)
    {
        _rgb = PixelBuffer.Rent(Length);
        if (header.Components != 4)
        {
            return turbo.Decode(encoded, _rgb, _width, _height, cmyk: false);
        }

        byte[] cmyk = PixelBuffer.Rent(4 * _width * _height);
        try
        {
            string? problem = turbo.Decode(encoded, cmyk, _width, _height, cmyk: true);
            if (problem is null)
            {
                CmykPixels.ToRgb(cmyk.AsSpan(0, 4 * _width * _height), _rgb);
            }

            return problem;
        }
        finally
        {
            PixelBuffer.Return(cmyk);
        }
    }

    /// <summary>Reads any format with ImageSharp; an alpha channel is dropped, 16 bits are rounded to 8.</summary>
    /// <returns>Null, or what is wrong with the file.</returns>
    public string? ReadWithImageSharp(ReadOnlySpan<byte> encoded)
    {
        try
        {
            using Image<Rgb24> image = Image.Load<Rgb24>(ImageSharp, encoded, DecoderFor(header.Format));
            if (image.Width != _width || image.Height != _height)
            {
                return "its picture is not as large as its header says.";
            }

            _rgb = PixelBuffer.Rent(Length);
            image.CopyPixelDataTo(MemoryMarshal.Cast<byte, Rgb24>(_rgb.AsSpan(0, Length)));
            return null;
        }
        catch (ImageFormatException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Metadata is skipped unread: compressed text and colour profiles may unpack to any size.</summary>
    private static IImageDecoder DecoderFor(ImageFormat format) => format switch
    {
        ImageFormat.Png => new PngDecoder { IgnoreMetadata = true },
        ImageFormat.WebP => new WebpDecoder { IgnoreMetadata = true },
        _ => new SixLabors.ImageSharp.Formats.Jpeg.JpegDecoder { IgnoreMetadata = true },
    };

    /// <summary>Hands the pixels over, turned upright.</summary>
    public DecodedImage ToUprightImage()
    {
        byte[] pixels = _rgb ?? throw new InvalidOperationException("Nothing was read.");
        if (header.Orientation == Orientation.Normal)
        {
            _rgb = null;
        }
        else
        {
            byte[] upright = PixelBuffer.Rent(Length);
            PixelOrientation.Apply(pixels, _width, _height, header.Orientation, upright);
            pixels = upright;
        }

        // The last column and row of a reduced picture may stand for fewer stored pixels than the others.
        var stored = new PixelBox(0, 0, (double)header.Width / reduction, (double)header.Height / reduction);
        PixelBox visible = PixelOrientation.Apply(stored, _width, _height, header.Orientation);
        return PixelOrientation.SwapsSides(header.Orientation)
            ? new DecodedImage(pixels, _height, _width, PixelBuffer.Return) { FullWidth = header.Height, FullHeight = header.Width, Visible = visible }
            : new DecodedImage(pixels, _width, _height, PixelBuffer.Return) { FullWidth = header.Width, FullHeight = header.Height, Visible = visible };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rgb is not null)
        {
            PixelBuffer.Return(_rgb);
            _rgb = null;
        }
    }
}
