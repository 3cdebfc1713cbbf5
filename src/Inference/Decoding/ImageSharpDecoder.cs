using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Inference.Decoding;

/// <summary>
/// ImageSharp with a configuration of its own: nothing is registered, each call names its decoder, and no metadata is read.
/// </summary>
/// <param name="options">Validated options.</param>
internal sealed class ImageSharpDecoder(DecodingOptions options)
{
    /// <summary>Lossless WebP, the hungriest, takes four bytes a pixel in one piece.</summary>
    private const int LargestPixel = 4;

    private readonly Configuration _configuration = new()
    {
        MemoryAllocator = MemoryAllocator.Create(
            new MemoryAllocatorOptions { AllocationLimitMegabytes = (int)(((long)LargestPixel * options.MaxImagePixels) >> 20) + 1 }
        ),
    };

    /// <summary>Decodes; an alpha channel is dropped, 16 bits are rounded to 8.</summary>
    /// <param name="encoded">A file of the format.</param>
    /// <param name="format">Which decoder reads it.</param>
    /// <param name="width">Columns that its header was found to declare.</param>
    /// <param name="height">Rows.</param>
    /// <param name="rgb">Receives the pixels.</param>
    /// <returns>Null, or what is wrong with the file.</returns>
    /// <exception cref="InvalidImageContentException">A buffer was refused: the inner exception is one of memory.</exception>
    public string? Read(ReadOnlySpan<byte> encoded, ImageFormat format, int width, int height, Span<byte> rgb)
    {
        try
        {
            using Image<Rgb24> image = Image.Load<Rgb24>(_configuration, encoded, DecoderFor(format));
            if (image.Width != width || image.Height != height)
            {
                return "its image is not as large as its header says";
            }

            image.CopyPixelDataTo(MemoryMarshal.Cast<byte, Rgb24>(rgb));
            return null;
        }
        catch (ImageFormatException exception) when (exception.InnerException is not InvalidMemoryOperationException)
        {
            return exception.Message;
        }
    }

    /// <summary>Decodes, and compares.</summary>
    /// <returns>Whether the file is sound and holds these pixels.</returns>
    public bool Holds(ReadOnlySpan<byte> encoded, ImageFormat format, int width, ReadOnlySpan<byte> rgb)
    {
        try
        {
            using Image<Rgb24> image = Image.Load<Rgb24>(_configuration, encoded, DecoderFor(format));
            ReadOnlySpan<Rgb24> expected = MemoryMarshal.Cast<byte, Rgb24>(rgb);
            for (int y = 0; y < image.Height; y++)
            {
                if (!image.DangerousGetPixelRowMemory(y).Span.SequenceEqual(expected.Slice(y * width, width)))
                {
                    return false;
                }
            }

            return true;
        }
        catch (ImageFormatException exception) when (exception.InnerException is not InvalidMemoryOperationException)
        {
            return false;
        }
    }

    /// <summary>Metadata is skipped unread: compressed text and colour profiles may unpack to any size.</summary>
    private static IImageDecoder DecoderFor(ImageFormat format) =>
        format switch
        {
            ImageFormat.Png => new PngDecoder { IgnoreMetadata = true },
            ImageFormat.WebP => new WebpDecoder { IgnoreMetadata = true },
            _ => new SixLabors.ImageSharp.Formats.Jpeg.JpegDecoder { IgnoreMetadata = true },
        };
}
