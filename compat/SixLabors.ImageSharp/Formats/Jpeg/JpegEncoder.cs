using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Writes baseline JPEGs: grey for <see cref="L8"/>, else YCbCr with chroma at half resolution.</summary>
public sealed unsafe class JpegEncoder : IImageEncoder
{
    private const int DefaultQuality = 75;
    private const int MaxSide = ushort.MaxValue;
    private const int HalfChroma = 2;
    private const int NoChroma = 3;

    /// <summary>1 to 100; null means 75.</summary>
    public int? Quality
    {
        get;
        init => field = value is < 1 or > 100 ? throw new ArgumentException("Quality factor must be in [1..100] range.") : value;
    }

    public void Encode<TPixel>(Image<TPixel> image, Stream stream)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(stream);
        if (image.Width > MaxSide || image.Height > MaxSide)
        {
            throw new ImageFormatException($"Image is too large to encode at {image.Width}x{image.Height} for JPEG format.");
        }

        bool grey = typeof(TPixel) == typeof(L8);
        nint encoder = TurboJpeg.InitCompress();
        byte* file = null;
        try
        {
            fixed (byte* pixels = MemoryMarshal.AsBytes(image.Pixels))
            {
                CULong length = default;
                int result = TurboJpeg.Compress(
                    encoder, pixels, image.Width, pitch: 0, image.Height, grey ? TurboJpeg.Grey : TurboJpeg.Rgb,
                    &file, &length, grey ? NoChroma : HalfChroma, Quality ?? DefaultQuality, flags: 0);
                if (result != 0)
                {
                    throw new ImageFormatException(TurboJpeg.Error(encoder));
                }

                Write(new ReadOnlySpan<byte>(file, checked((int)length.Value)), image.Metadata.ExifProfile?.ToByteArray(), stream);
            }
        }
        finally
        {
            TurboJpeg.Free(file);
            _ = TurboJpeg.Destroy(encoder);
        }
    }

    /// <summary>EXIF goes right after the two bytes that begin the file.</summary>
    private static void Write(ReadOnlySpan<byte> file, byte[]? exif, Stream stream)
    {
        stream.Write(file[..2]);
        if (exif is not null)
        {
            Span<byte> marker = [0xff, 0xe1, 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(marker[2..], (ushort)(2 + 6 + exif.Length));
            stream.Write(marker);
            stream.Write("Exif\0\0"u8);
            stream.Write(exif);
        }

        stream.Write(file[2..]);
    }
}
