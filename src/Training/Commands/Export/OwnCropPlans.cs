using System.Globalization;
using Saccade.Inference.Bundles;
using Saccade.Training.Commands.Options;

namespace Saccade.Training.Commands.Export;

/// <summary>
/// Crop plans of a model's own, beside the papers'. These enlarge a photograph by a seventh and more to have room; where things fill the
/// image to its edges that cuts off what tells them apart. So a model may have sides of its own or shifts, and a plan of two: the centre
/// and its mirror image.
/// </summary>
internal static class OwnCropPlans
{
    private const int Squares = 3;
    private const int Most = 16;

    /// <summary>The same preprocessing with plans of these sides.</summary>
    /// <param name="preprocessing">Of the model.</param>
    /// <param name="input">Side of its input, in pixels.</param>
    /// <param name="sides">
    /// Shorter sides in pixels, all different, none below the input: all of them for the plan of three squares (144 crops, if they are
    /// four), the first for ten and twelve crops.
    /// </param>
    /// <exception cref="CommandException">They are not that.</exception>
    public static ManifestPreprocessing WithSides(ManifestPreprocessing preprocessing, int input, IReadOnlyList<int> sides)
    {
        if (sides.Count is 0 or > Most || sides.Distinct().Count() != sides.Count || sides.Any(side => side < input) || sides[0] == input)
            throw new CommandException($"--crop-sides must be different, none below the input's {input} pixels, and the first above it.");
        int[] scales = [.. sides.Select(side => OfPaperInput(side, input))];
        var twelve = new CropPlanSpec { Scales = [scales[0]] };
        var many = new CropPlanSpec { Scales = scales, Squares = Squares };
        return With(preprocessing with { MultiCropShorterSide = sides[0] }, Pair(preprocessing, input), twelve, many);
    }

    /// <summary>
    /// The same preprocessing with plans for images that fill their edges, beyond which their reflection lies: the pair; six crops, which
    /// are the image, the image shifted by some pixels both ways along a diagonal, and the mirror images of these (Jordan 2024, §3.5);
    /// ten, with the other diagonal; and twelve, with the image and its border resized to the input.
    /// </summary>
    /// <param name="preprocessing">Of the model.</param>
    /// <param name="input">Side of its input, in pixels.</param>
    /// <param name="shift">By how many pixels, 1 to a quarter of the input.</param>
    /// <exception cref="CommandException">It is not that.</exception>
    public static ManifestPreprocessing WithShift(ManifestPreprocessing preprocessing, int input, int shift)
    {
        if (shift < 1 || shift > input / 4)
            throw new CommandException($"--crop-shift must be 1 to {input / 4}, a quarter of the input's {input} pixels.");
        var pair = Pair(preprocessing, input);
        var shifted = pair with { Padding = OfPaperInput(shift, input) };
        if ((int)Math.Round((double)shifted.Padding * input / CropPlanSpec.PaperInput) is var given && given != shift)
            throw new CommandException($"--crop-shift: at an input of {input} pixels no plan shifts by {shift}; {given} can be had.");
        return With(preprocessing, pair, shifted with { Views = 3 }, shifted with { Views = 5 }, shifted with { Views = 6 });
    }

    private static CropPlanSpec Pair(ManifestPreprocessing preprocessing, int input) =>
        new() { Scales = [OfPaperInput(preprocessing.ResizeShorterSide, input)], Views = 1 };

    private static ManifestPreprocessing With(ManifestPreprocessing preprocessing, params CropPlanSpec[] plans)
    {
        var all = new Dictionary<string, CropPlanSpec>(
            preprocessing.CropPlans ?? new Dictionary<string, CropPlanSpec>(),
            StringComparer.Ordinal
        );
        foreach (var plan in plans)
            all[Name(plan)] = plan;
        return preprocessing with { CropPlans = all };
    }

    /// <summary>Pixels of the model's input, as plans give them.</summary>
    private static int OfPaperInput(int pixels, int input) => (int)Math.Round((double)pixels * CropPlanSpec.PaperInput / input);

    private static string Name(CropPlanSpec plan) => plan.Count.ToString(CultureInfo.InvariantCulture);
}
