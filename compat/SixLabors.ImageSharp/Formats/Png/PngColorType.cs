namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>How a PNG stores colour.</summary>
public enum PngColorType : byte
{
    Grayscale = 0,
    Rgb = 2,
    Palette = 3,
    GrayscaleWithAlpha = 4,
    RgbWithAlpha = 6,
}
