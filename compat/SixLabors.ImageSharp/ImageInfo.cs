using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;

namespace SixLabors.ImageSharp;

/// <summary>What a file's header says, without its pixels.</summary>
public class ImageInfo(PixelTypeInfo pixelType, Size size, ImageMetadata? metadata)
{
    public PixelTypeInfo PixelType { get; } = pixelType;

    public Size Size { get; } = size;

    public int Width => Size.Width;

    public int Height => Size.Height;

    public ImageMetadata Metadata { get; } = metadata ?? new ImageMetadata();
}
