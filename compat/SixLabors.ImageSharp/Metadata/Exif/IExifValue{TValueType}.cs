namespace SixLabors.ImageSharp.Metadata.Profiles.Exif;

/// <summary>A tag's value.</summary>
public interface IExifValue<TValueType>
{
    TValueType? Value { get; set; }
}
