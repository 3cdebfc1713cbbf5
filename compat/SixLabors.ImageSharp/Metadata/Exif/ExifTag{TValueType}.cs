namespace SixLabors.ImageSharp.Metadata.Profiles.Exif;

/// <summary>A tag whose value is of one type.</summary>
public sealed class ExifTag<TValueType> : ExifTag
{
    internal ExifTag()
    {
    }
}
