using Saccade.Inference.Bundles;
using Saccade.Inference.Decoding;

namespace Saccade.Inference.Cropping;

/// <summary>
/// Which crops: to which sizes an image is resized and which windows are cut from them. Pure geometry, equal to
/// torchvision's <c>Resize</c>, <c>CenterCrop</c> and <c>TenCrop</c> to the pixel, for every image of at least 1 × 1.
/// </summary>
public sealed class CropPlan
{
    internal CropPlan(IReadOnlyList<PixelSize> scales, PixelSize crop, IReadOnlyList<Crop> crops)
    {
        Scales = scales;
        CropSize = crop;
        Crops = crops;
    }

    /// <summary>The sizes that the image is resized to.</summary>
    public IReadOnlyList<PixelSize> Scales { get; }

    /// <summary>The size of every crop: the model's input.</summary>
    public PixelSize CropSize { get; }

    /// <summary>
    /// The windows. Of torchvision's ten: top left, top right, bottom left, bottom right and centre of the image, then of its mirror image.
    /// Of other plans: size by size, square by square from the left or the top, the views of the square in that same order and the whole of
    /// it last, then the mirror images of these.
    /// </summary>
    public IReadOnlyList<Crop> Crops { get; }

    /// <summary>Plans the crops of a decoded image.</summary>
    /// <inheritdoc cref="Create(CropMode, int, int, int, int, ManifestPreprocessing)"/>
    public static CropPlan Create(CropMode mode, DecodedImage image, ManifestInput input, ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(input);
        return Create(mode, image.FullWidth, image.FullHeight, input.Width, input.Height, preprocessing);
    }

    /// <summary>Plans the crops of an image of some size.</summary>
    /// <param name="mode">How many crops.</param>
    /// <param name="imageWidth">Columns of the image at its full size, at least 1.</param>
    /// <param name="imageHeight">Rows of it.</param>
    /// <param name="inputWidth">Columns of the model's input, at least 1.</param>
    /// <param name="inputHeight">Rows of it.</param>
    /// <param name="preprocessing">To what the shorter side is resized, and plans of the model's own.</param>
    /// <exception cref="ArgumentException">
    /// The model has no such plan, or the resized image would be smaller than the input; a sound manifest has none such.
    /// </exception>
    public static CropPlan Create(
        CropMode mode,
        int imageWidth,
        int imageHeight,
        int inputWidth,
        int inputHeight,
        ManifestPreprocessing preprocessing
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imageWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(imageHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputHeight, 1);
        ArgumentNullException.ThrowIfNull(preprocessing);
        var size = new PixelSize(inputWidth, inputHeight);
        PixelSize[] scales = [.. ShorterSides(mode, size, preprocessing).Select(side => Resize(imageWidth, imageHeight, side))];
        PixelSize least = scales.MinBy(scale => Math.Min(scale.Width, scale.Height));
        if (least.Width < inputWidth || least.Height < inputHeight)
        {
            throw new ArgumentException(
                $"Images resized to {least} have no room for crops of {inputWidth} × {inputHeight}.",
                nameof(preprocessing)
            );
        }

        return new CropPlan(
            scales,
            size,
            CropPlans.Find(mode, preprocessing) is { } spec
                ? SquareViews.All(spec, scales, size, InProportion(spec.Padding, size))
                : OfImage(mode, scales[0], size)
        );
    }

    /// <summary>
    /// The shorter side below which an image should not be read at a fraction of its size: twice what it is resized to,
    /// so that the antialiased resize still does the larger part of the shrinking.
    /// </summary>
    /// <param name="mode">How many crops.</param>
    /// <param name="input">The model's input.</param>
    /// <param name="preprocessing">To what the shorter side is resized, and plans of the model's own.</param>
    public static int MinShorterSide(CropMode mode, ManifestInput input, ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(preprocessing);
        return 2 * ShorterSides(mode, new PixelSize(input.Width, input.Height), preprocessing).Max();
    }

    /// <summary>Whether both cut the same windows of the same sizes.</summary>
    internal bool IsSame(CropPlan other) =>
        CropSize == other.CropSize && Scales.SequenceEqual(other.Scales) && Crops.SequenceEqual(other.Crops);

    /// <summary>torchvision's centre: half of the room, a half pixel going to the even side. One pixel off changes answers.</summary>
    internal static int Half(int room) => (int)Math.Round(room / 2.0, MidpointRounding.ToEven);

    private static IEnumerable<int> ShorterSides(CropMode mode, PixelSize input, ManifestPreprocessing preprocessing)
    {
        if (mode == CropMode.Single)
            return [preprocessing.ResizeShorterSide];
        if (CropPlans.Find(mode, preprocessing) is { } spec)
            return spec.Scales.Select(scale => InProportion(scale, input));
        return mode == CropMode.Crops10
            ? [preprocessing.MultiCropShorterSide]
            : throw new ArgumentException($"The model has no plan of {mode} crops.", nameof(mode));
    }

    /// <summary>Pixels of a plan, given for the papers' input, for the model's.</summary>
    private static int InProportion(int pixels, PixelSize input) =>
        (int)Math.Round(pixels * (Math.Max(input.Width, input.Height) / (double)CropPlanSpec.PaperInput), MidpointRounding.AwayFromZero);

    private static Crop[] OfImage(CropMode mode, PixelSize scale, PixelSize size)
    {
        var room = new PixelSize(scale.Width - size.Width, scale.Height - size.Height);
        var centre = new Crop(0, Half(room.Width), Half(room.Height), size.Width, size.Height, Mirrored: false);
        if (mode == CropMode.Single)
            return [centre];

        var corner = centre with { X = 0, Y = 0 };
        Crop[] five =
        [
            corner,
            corner with
            {
                X = room.Width,
            },
            corner with
            {
                Y = room.Height,
            },
            corner with
            {
                X = room.Width,
                Y = room.Height,
            },
            centre,
        ];

        // torchvision mirrors the image and cuts again, so that each place is counted from the other side.
        return [.. five, .. five.Select(crop => crop with { X = room.Width - crop.X, Mirrored = true })];
    }

    /// <summary>torchvision's rule: the longer side is cut off to whole pixels, not rounded.</summary>
    private static PixelSize Resize(int width, int height, int shorterSide) =>
        width <= height
            ? new PixelSize(shorterSide, (int)((double)((long)shorterSide * height) / width))
            : new PixelSize((int)((double)((long)shorterSide * width) / height), shorterSide);
}
