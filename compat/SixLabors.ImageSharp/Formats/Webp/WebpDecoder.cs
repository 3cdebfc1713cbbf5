using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>Reads still WebPs, lossy and lossless. Alpha is dropped, not composited.</summary>
internal static unsafe partial class WebpDecoder
{
    private const string Library = "libwebp.so.7";

    public static Image<Rgb24> Decode(ReadOnlySpan<byte> bytes, DecoderOptions options)
    {
        WebpHeader header = WebpHeader.Read(bytes, options);
        if (header.Animated)
        {
            throw new NotSupportedException("Animated Webp is not supported.");
        }

        fixed (byte* file = bytes)
        {
            // libwebp's own word decides: it trusts the container less than this library's header reader does.
            if (GetInfo(file, (nuint)bytes.Length, out int width, out int height) == 0)
            {
                throw new InvalidImageContentException("The Webp header is not valid.");
            }

            var image = new Image<Rgb24>(width, height, header.Metadata);
            Span<byte> pixels = MemoryMarshal.AsBytes(image.Pixels);
            fixed (byte* target = pixels)
            {
                if (DecodeRgbInto(file, (nuint)bytes.Length, target, (nuint)pixels.Length, 3 * width) is null)
                {
                    image.Dispose();
                    throw new InvalidImageContentException("The Webp data does not decode.");
                }
            }

            return image;
        }
    }

    [LibraryImport(Library, EntryPoint = "WebPGetInfo")]
    private static partial int GetInfo(byte* file, nuint length, out int width, out int height);

    [LibraryImport(Library, EntryPoint = "WebPDecodeRGBInto")]
    private static partial byte* DecodeRgbInto(byte* file, nuint length, byte* pixels, nuint size, int stride);
}
