namespace SixLabors.ImageSharp.Metadata.Profiles.Exif;

/// <summary>A tag of the EXIF standard.</summary>
public abstract class ExifTag
{
    private protected ExifTag()
    {
    }

    /// <summary>How the stored picture is to be turned: 1 (upright) to 8.</summary>
    public static ExifTag<ushort> Orientation { get; } = new();
}
