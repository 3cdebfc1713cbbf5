namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>Luminance, one byte.</summary>
public struct L8(byte luminance) : IPixel<L8>
{
    public byte PackedValue { get; set; } = luminance;

    public static bool operator ==(L8 left, L8 right) => left.Equals(right);

    public static bool operator !=(L8 left, L8 right) => !left.Equals(right);

    /// <summary>The luminance of ITU-R BT.709, rounded.</summary>
    public void FromRgb24(Rgb24 source) => PackedValue = (byte)((source.R * .2126F) + (source.G * .7152F) + (source.B * .0722F) + 0.5F);

    public void FromL8(L8 source) => this = source;

    public readonly bool Equals(L8 other) => PackedValue == other.PackedValue;

    public override readonly bool Equals(object? obj) => obj is L8 other && Equals(other);

    public override readonly int GetHashCode() => PackedValue.GetHashCode();

    public override readonly string ToString() => $"L8({PackedValue})";
}
