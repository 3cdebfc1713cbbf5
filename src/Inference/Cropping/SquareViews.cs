using Saccade.Inference.Bundles;

namespace Saccade.Inference.Cropping;

/// <summary>The windows of a <see cref="CropPlanSpec"/>. Pure geometry.</summary>
internal static class SquareViews
{
    private const int WithOppositeCorners = 3;
    private const int WithCorners = 5;
    private const int WithWhole = 6;

    /// <summary>Every window, size by size and square by square; the mirror images of a square's views follow them.</summary>
    /// <param name="spec">Sound.</param>
    /// <param name="scales">The image at each of the plan's sizes.</param>
    /// <param name="input">The model's input, no larger than the shorter side of any of them.</param>
    /// <param name="padding">Pixels by which each square reaches beyond the image.</param>
    public static Crop[] All(CropPlanSpec spec, IReadOnlyList<PixelSize> scales, PixelSize input, int padding)
    {
        var crops = new List<Crop>(spec.Count);
        for (int scale = 0; scale < scales.Count; scale++)
        {
            foreach (Crop square in Squares(spec.Squares, scale, scales[scale], padding))
            {
                Crop[] views = [.. Views(spec.Views, square, input)];
                crops.AddRange(views);
                if (spec.Mirror)
                    crops.AddRange(views.Select(view => view with { Mirrored = true }));
            }
        }

        return [.. crops];
    }

    private static IEnumerable<Crop> Squares(int count, int index, PixelSize scale, int padding)
    {
        int side = Math.Min(scale.Width, scale.Height);
        int room = Math.Max(scale.Width, scale.Height) - side;
        int[] offsets = count == 1 ? [CropPlan.Half(room)] : [0, CropPlan.Half(room), room];
        bool wide = scale.Width > scale.Height;
        return offsets.Select(offset => new Crop(
            index,
            (wide ? offset : 0) - padding,
            (wide ? 0 : offset) - padding,
            side + (2 * padding),
            side + (2 * padding),
            Mirrored: false
        ));
    }

    private static IEnumerable<Crop> Views(int count, Crop square, PixelSize input)
    {
        int right = square.Width - input.Width;
        int bottom = square.Height - input.Height;
        if (count >= WithOppositeCorners)
            yield return At(0, 0);
        if (count >= WithCorners)
        {
            yield return At(right, 0);
            yield return At(0, bottom);
        }

        if (count >= WithOppositeCorners)
            yield return At(right, bottom);

        yield return At(CropPlan.Half(right), CropPlan.Half(bottom));
        if (count >= WithWhole)
            yield return square;

        Crop At(int x, int y) => square with { X = square.X + x, Y = square.Y + y, Width = input.Width, Height = input.Height };
    }
}
