using SixLabors.ImageSharp.Metadata.Profiles.Exif;

namespace SixLabors.ImageSharp.Processing;

/// <summary>Turning a picture upright.</summary>
public static class AutoOrientExtensions
{
    /// <summary>Turns the picture as its EXIF orientation says, which then says "upright".</summary>
    public static IImageProcessingContext AutoOrient(this IImageProcessingContext source)
    {
        Image image = ((ProcessingExtensions.Context)source).Image;
        if (image.Metadata.ExifProfile is { } profile && profile.TryGetValue(ExifTag.Orientation, out IExifValue<ushort>? orientation))
        {
            if (PixelOrder.ForOrientation(orientation.Value) is { } order)
            {
                image.Reorder(order);
            }

            profile.SetValue(ExifTag.Orientation, (ushort)1);
        }

        return source;
    }
}
