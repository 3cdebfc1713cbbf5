using Saccade.Training.Recipes;
using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>
/// Mixup (Zhang et al. 2018) and CutMix (Yun et al. 2019): every image of a batch is mixed with another of the same batch, all in the same
/// share, and its label likewise.
/// </summary>
internal static class ImageMixing
{
    private const int Rows = 2;
    private const int Columns = 3;

    /// <summary>Mixes a batch as the recipe says; pixels and labels are given back as they are where it says nothing.</summary>
    /// <param name="pixels">[N, 3, H, W].</param>
    /// <param name="labels">[N].</param>
    /// <param name="recipe">Mixup's and CutMix's α.</param>
    /// <param name="random">The step's stream.</param>
    /// <remarks>Call in a dispose scope.</remarks>
    public static (Tensor Pixels, MixedLabels Labels) Mix(Tensor pixels, Tensor labels, Recipe recipe, ref SplitMix64 random)
    {
        if (recipe is { MixUp: 0, CutMix: 0 })
            return (pixels, new(labels));
        var cuts = recipe.CutMix > 0 && (recipe.MixUp == 0 || random.Next(2) == 1);
        var others = tensor(Array.ConvertAll(random.Permutation((int)pixels.shape[0]), index => (long)index)).to(pixels.device);
        var share = (float)DrawShare(cuts ? recipe.CutMix : recipe.MixUp, ref random);
        var second = pixels.index_select(0, others);
        if (cuts)
            (pixels, share) = Cut(pixels, second, share, ref random);
        else
            pixels = pixels.lerp(second, tensor(share).to(pixels.device));
        return (pixels, new(labels, labels.index_select(0, others), share));
    }

    /// <summary>A number from Beta(α, α), by Jöhnk's method.</summary>
    internal static double DrawShare(double alpha, ref SplitMix64 random)
    {
        while (true)
        {
            var (x, y) = (Math.Pow(random.NextDouble(), 1 / alpha), Math.Pow(random.NextDouble(), 1 / alpha));
            if (x + y is > 0 and <= 1)
                return x / (x + y);
        }
    }

    // The box is cut at the image's edges, so that every pixel is as likely to be in it; its share is what is left.
    private static (Tensor Pixels, float Share) Cut(Tensor pixels, Tensor second, double share, ref SplitMix64 random)
    {
        var (height, width) = ((int)pixels.shape[Rows], (int)pixels.shape[Columns]);
        var side = Math.Sqrt(share);
        var (top, bottom) = Span(height, side, ref random);
        var (left, right) = Span(width, side, ref random);
        var mixed = pixels.clone();
        if (bottom > top && right > left)
            Box(mixed).copy_(Box(second));
        return (mixed, (float)((bottom - top) * (double)(right - left) / (height * width)));

        Tensor Box(Tensor images) => images.narrow(Rows, top, bottom - top).narrow(Columns, left, right - left);
    }

    private static (int From, int To) Span(int length, double share, ref SplitMix64 random)
    {
        var (centre, half) = (random.Next(length), (int)(length * share / 2));
        return (Math.Max(0, centre - half), Math.Min(length, centre + half));
    }
}
