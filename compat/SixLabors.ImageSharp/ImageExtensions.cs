using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;

namespace SixLabors.ImageSharp;

/// <summary>Saving by format.</summary>
public static class ImageExtensions
{
    private static readonly PngEncoder Png = new();
    private static readonly JpegEncoder Jpeg = new();

    public static void SaveAsPng(this Image source, Stream stream) => SaveAsPng(source, stream, Png);

    public static void SaveAsPng(this Image source, Stream stream, PngEncoder? encoder)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.Save(stream, encoder ?? Png);
    }

    public static void SaveAsPng(this Image source, string path)
    {
        using FileStream file = File.Create(path);
        SaveAsPng(source, file);
    }

    public static void SaveAsJpeg(this Image source, Stream stream) => SaveAsJpeg(source, stream, Jpeg);

    public static void SaveAsJpeg(this Image source, Stream stream, JpegEncoder? encoder)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.Save(stream, encoder ?? Jpeg);
    }

    public static void SaveAsJpeg(this Image source, string path)
    {
        using FileStream file = File.Create(path);
        SaveAsJpeg(source, file);
    }

    public static void SaveAsJpeg(this Image source, string path, JpegEncoder? encoder)
    {
        using FileStream file = File.Create(path);
        SaveAsJpeg(source, file, encoder);
    }
}
