namespace SixLabors.ImageSharp.Formats;

/// <summary>How pixels are stored in the file.</summary>
public class PixelTypeInfo(int bitsPerPixel)
{
    public int BitsPerPixel { get; } = bitsPerPixel;
}
