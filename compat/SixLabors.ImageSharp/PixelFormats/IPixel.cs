namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>A pixel type.</summary>
public interface IPixel<TSelf> : IEquatable<TSelf>
    where TSelf : unmanaged, IPixel<TSelf>
{
    void FromRgb24(Rgb24 source);

    void FromL8(L8 source);
}
