using Saccade.Training.Data;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Training.Serving;

/// <summary>Images as a client would send them: files as they are, anything else as PNG, which loses nothing.</summary>
internal static class EncodedImages
{
    public static ReadOnlyMemory<byte> Of(IImageSource source, int index)
    {
        if (source.FileOf(index) is { } path)
            return File.ReadAllBytes(path);
        using var image = source.Load(index);
        using var png = Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height);
        using var encoded = new MemoryStream();
        png.SaveAsPng(encoded);
        return encoded.GetBuffer().AsMemory(0, (int)encoded.Length);
    }
}
