using Saccade.Inference.Decoding;
using Saccade.Inference.Models;

namespace Saccade.Inference.Cropping;

/// <summary>
/// Where to look: to which sizes a picture is resized and which windows are cut from them. Pure geometry, equal to
/// torchvision's <c>Resize</c>, <c>CenterCrop</c> and <c>TenCrop</c> to the pixel, for every picture of at least 1 × 1.
/// </summary>
public sealed class CropPlan
{
    private CropPlan(PixelSize scale, PixelSize crop, IReadOnlyList<Crop> crops)
    {
        Scales = [scale];
        CropSize = crop;
        Crops = crops;
    }

    /// <summary>The sizes that the picture is resized to.</summary>
    public IReadOnlyList<PixelSize> Scales { get; }

    /// <summary>The size of every crop: the model's input.</summary>
    public PixelSize CropSize { get; }

    /// <summary>
    /// The windows. Of ten: top left, top right, bottom left, bottom right and centre of the picture, then of its mirror image.
    /// </summary>
    public IReadOnlyList<Crop> Crops { get; }

    /// <summary>Plans the crops of a decoded picture.</summary>
    /// <inheritdoc cref="Create(CropMode, int, int, int, int, ManifestPreprocessing)"/>
    public static CropPlan Create(CropMode mode, DecodedImage image, ManifestInput input, ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(input);
        return Create(mode, image.FullWidth, image.FullHeight, input.Width, input.Height, preprocessing);
    }

    /// <summary>Plans the crops of a picture of some size.</summary>
    /// <param name="mode">How many looks.</param>
    /// <param name="imageWidth">Columns of the picture at its full size, at least 1.</param>
    /// <param name="imageHeight">Rows of it.</param>
    /// <param name="inputWidth">Columns of the model's input, at least 1.</param>
    /// <param name="inputHeight">Rows of it.</param>
    /// <param name="preprocessing">To what the shorter side is resized.</param>
    /// <exception cref="ArgumentException">The resized picture would be smaller than the input; a sound manifest has none such.</exception>
    public static CropPlan Create(
        CropMode mode,
        int imageWidth,
        int imageHeight,
        int inputWidth,
        int inputHeight,
        ManifestPreprocessing preprocessing)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imageWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(imageHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputHeight, 1);
        int shorterSide = ShorterSide(mode, preprocessing);
        if (shorterSide < Math.Max(inputWidth, inputHeight))
        {
            throw new ArgumentException($"Pictures resized to {shorterSide} have no room for crops of {inputWidth} × {inputHeight}.", nameof(preprocessing));
        }

        PixelSize scale = Resize(imageWidth, imageHeight, shorterSide);
        int right = scale.Width - inputWidth;
        int bottom = scale.Height - inputHeight;
        var centre = new Crop(0, Half(right), Half(bottom), Mirrored: false);
        var size = new PixelSize(inputWidth, inputHeight);
        if (mode == CropMode.Single)
        {
            return new CropPlan(scale, size, [centre]);
        }

        Crop[] five = [new(0, 0, 0, false), new(0, right, 0, false), new(0, 0, bottom, false), new(0, right, bottom, false), centre];

        // torchvision mirrors the picture and cuts again, so that each place is counted from the other side.
        return new CropPlan(scale, size, [.. five, .. five.Select(crop => crop with { X = right - crop.X, Mirrored = true })]);
    }

    /// <summary>
    /// The shorter side below which a picture should not be read at a fraction of its size: twice what it is resized to,
    /// so that the antialiased resize still does the larger part of the shrinking.
    /// </summary>
    /// <param name="mode">How many looks.</param>
    /// <param name="preprocessing">To what the shorter side is resized.</param>
    public static int MinShorterSide(CropMode mode, ManifestPreprocessing preprocessing) => 2 * ShorterSide(mode, preprocessing);

    private static int ShorterSide(CropMode mode, ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        return mode switch
        {
            CropMode.Single => preprocessing.ResizeShorterSide,
            CropMode.Ten => preprocessing.MultiCropShorterSide,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "No plan has this name."),
        };
    }

    /// <summary>torchvision's rule: the longer side is cut off to whole pixels, not rounded.</summary>
    private static PixelSize Resize(int width, int height, int shorterSide) => width <= height
        ? new PixelSize(shorterSide, (int)((double)((long)shorterSide * height) / width))
        : new PixelSize((int)((double)((long)shorterSide * width) / height), shorterSide);

    /// <summary>torchvision's centre: half of the room, a half pixel going to the even side. One pixel off changes answers.</summary>
    private static int Half(int room) => (int)Math.Round(room / 2.0, MidpointRounding.ToEven);
}
