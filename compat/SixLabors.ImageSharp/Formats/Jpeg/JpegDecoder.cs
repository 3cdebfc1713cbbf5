using System.Buffers;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Reads baseline and progressive JPEGs: grey, YCbCr, RGB, CMYK and YCCK. A truncated file gives the part that is there.</summary>
internal static unsafe class JpegDecoder
{
    public static Image<Rgb24> Decode(ReadOnlySpan<byte> bytes, DecoderOptions options)
    {
        JpegHeader header = JpegHeader.Read(bytes, options);
        var image = new Image<Rgb24>(header.Width, header.Height, header.Metadata);
        try
        {
            if (header.Components == 4)
            {
                DecodeFourInks(bytes, image);
            }
            else
            {
                Decompress(bytes, MemoryMarshal.AsBytes(image.Pixels), image.Width, image.Height, TurboJpeg.Rgb);
            }

            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>CMYK is stored inverted, as everyone who writes it does: light is the product of an ink's absence and black's.</summary>
    private static void DecodeFourInks(ReadOnlySpan<byte> bytes, Image<Rgb24> image)
    {
        int length = checked(4 * image.Width * image.Height);
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Span<byte> inks = rented.AsSpan(0, length);
            inks.Clear();
            Decompress(bytes, inks, image.Width, image.Height, TurboJpeg.Cmyk);
            Span<Rgb24> pixels = image.Pixels;
            for (int i = 0; i < pixels.Length; i++)
            {
                ReadOnlySpan<byte> ink = inks.Slice(4 * i, 4);
                pixels[i] = new Rgb24(Light(ink[0], ink[3]), Light(ink[1], ink[3]), Light(ink[2], ink[3]));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static byte Light(byte ink, byte black) => (byte)(((ink * black) + 127) / 255);

    private static void Decompress(ReadOnlySpan<byte> bytes, Span<byte> pixels, int width, int height, int format)
    {
        nint decoder = TurboJpeg.InitDecompress();
        if (decoder == 0)
        {
            throw new InvalidOperationException($"libturbojpeg: {TurboJpeg.Error(0)}");
        }

        try
        {
            fixed (byte* file = bytes)
            fixed (byte* target = pixels)
            {
                int pitch = pixels.Length / height;
                int result = TurboJpeg.Decompress(decoder, file, new CULong((nuint)bytes.Length), target, width, pitch, height, format, TurboJpeg.LimitScans);
                if (result != 0 && TurboJpeg.GetErrorCode(decoder) != 0)
                {
                    throw new InvalidImageContentException(TurboJpeg.Error(decoder));
                }
            }
        }
        finally
        {
            _ = TurboJpeg.Destroy(decoder);
        }
    }
}
