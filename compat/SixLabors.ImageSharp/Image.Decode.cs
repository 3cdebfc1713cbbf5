using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

public abstract partial class Image
{
    public static IImageFormat DetectFormat(ReadOnlySpan<byte> buffer) => Detect(buffer);

    public static ImageInfo Identify(ReadOnlySpan<byte> buffer) => Identify(DecoderOptions.Default, buffer);

    public static ImageInfo Identify(DecoderOptions options, ReadOnlySpan<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(options);
        IImageFormat format = Detect(buffer);
        ImageInfo info = format switch
        {
            PngFormat => PngHeader.Identify(buffer, options),
            JpegFormat => JpegHeader.Identify(buffer, options),
            _ => WebpHeader.Identify(buffer, options),
        };
        info.Metadata.DecodedImageFormat = format;
        return info;
    }

    public static ImageInfo Identify(Stream stream) => Identify(DecoderOptions.Default, stream);

    public static ImageInfo Identify(DecoderOptions options, Stream stream) => Identify(options, ReadToEnd(stream));

    public static ImageInfo Identify(string path) => Identify(DecoderOptions.Default, File.ReadAllBytes(path));

    public static Image<TPixel> Load<TPixel>(ReadOnlySpan<byte> data)
        where TPixel : unmanaged, IPixel<TPixel>
        => Load<TPixel>(DecoderOptions.Default, data);

    public static Image<TPixel> Load<TPixel>(DecoderOptions options, ReadOnlySpan<byte> data)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(options);
        IImageFormat format = Detect(data);
        Image<Rgb24> image = format switch
        {
            PngFormat => PngDecoder.Decode(data, options),
            JpegFormat => JpegDecoder.Decode(data, options),
            _ => WebpDecoder.Decode(data, options),
        };
        image.Metadata.DecodedImageFormat = format;
        if (image is Image<TPixel> asked)
        {
            return asked;
        }

        using (image)
        {
            return image.CloneAs<TPixel>();
        }
    }

    public static Image<TPixel> Load<TPixel>(Stream stream)
        where TPixel : unmanaged, IPixel<TPixel>
        => Load<TPixel>(DecoderOptions.Default, stream);

    public static Image<TPixel> Load<TPixel>(DecoderOptions options, Stream stream)
        where TPixel : unmanaged, IPixel<TPixel>
        => Load<TPixel>(options, ReadToEnd(stream));

    public static Image<TPixel> Load<TPixel>(string path)
        where TPixel : unmanaged, IPixel<TPixel>
        => Load<TPixel>(DecoderOptions.Default, File.ReadAllBytes(path));

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<TPixel> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var image = new Image<TPixel>(width, height);
        if (data.Length < image.Pixels.Length)
        {
            image.Dispose();
            throw new ArgumentException($"{width} × {height} pixels are wanted, {data.Length} given.", nameof(data));
        }

        data[..image.Pixels.Length].CopyTo(image.Pixels);
        return image;
    }

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<byte> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
        => LoadPixelData(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, TPixel>(data), width, height);

    private static IImageFormat Detect(ReadOnlySpan<byte> bytes)
    {
        if (PngHeader.Matches(bytes))
        {
            return PngFormat.Instance;
        }

        if (JpegHeader.Matches(bytes))
        {
            return JpegFormat.Instance;
        }

        return WebpHeader.Matches(bytes)
            ? WebpFormat.Instance
            : throw new UnknownImageFormatException("Image cannot be loaded. Available decoders: PNG, JPEG, Webp.");
    }

    private static ReadOnlySpan<byte> ReadToEnd(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.GetBuffer().AsSpan(0, (int)copy.Length);
    }
}
