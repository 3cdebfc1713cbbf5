using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Saccade.Compat.Tests;

public sealed class OrientationTests
{
    public static TheoryData<ushort> Orientations => [1, 2, 3, 4, 5, 6, 7, 8];

    [Theory]
    [MemberData(nameof(Orientations))]
    public void AutoOrient_EachOrientation_GivesTheUprightPicture(ushort orientation)
    {
        byte[] file = Fixture.Read($"orientation{orientation}.png");
        using Image<Rgb24> image = Image.Load<Rgb24>(file);
        Assert.Equal(orientation, OrientationOf(image.Metadata.ExifProfile));
        image.Mutate(static context => context.AutoOrient());
        Assert.Equal(0, Fixture.Difference(image, Fixture.Colour));
        Assert.Equal((Fixture.Width, Fixture.Height), (image.Width, image.Height));
        Assert.Equal((ushort)1, OrientationOf(image.Metadata.ExifProfile));
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Identify_Jpeg_TellsTheOrientationUnlessMetadataIsSkipped(ushort orientation)
    {
        byte[] file = Fixture.Read($"orientation{orientation}.jpg");
        Assert.Equal(orientation, OrientationOf(Image.Identify(file).Metadata.ExifProfile));
        Assert.Null(Image.Identify(new DecoderOptions { SkipMetadata = true }, file).Metadata.ExifProfile);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Save_WithOrientation_ReadsBack(bool jpeg)
    {
        using var image = new Image<Rgb24>(4, 2);
        image.Metadata.ExifProfile = new ExifProfile();
        image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)6);
        using var stream = new MemoryStream();
        if (jpeg)
        {
            image.SaveAsJpeg(stream);
        }
        else
        {
            image.SaveAsPng(stream);
        }

        Assert.Equal((ushort)6, OrientationOf(Image.Identify(stream.ToArray()).Metadata.ExifProfile));
    }

    private static ushort? OrientationOf(ExifProfile? profile)
        => profile is not null && profile.TryGetValue(ExifTag.Orientation, out IExifValue<ushort>? value) ? value.Value : null;
}
