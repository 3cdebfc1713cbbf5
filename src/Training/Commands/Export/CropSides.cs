using System.Globalization;
using Saccade.Inference.Bundles;
using Saccade.Training.Commands.Options;

namespace Saccade.Training.Commands.Export;

/// <summary>
/// How large an image a model's several crops are cut from. The papers enlarge a photograph by a seventh and more to have room; where
/// things fill the image to its edges that cuts off what tells them apart, so a model may have sides of its own, and a plan of two: the
/// centre and its mirror image.
/// </summary>
internal static class CropSides
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
    public static ManifestPreprocessing Apply(ManifestPreprocessing preprocessing, int input, IReadOnlyList<int> sides)
    {
        if (sides.Count is 0 or > Most || sides.Distinct().Count() != sides.Count || sides.Any(side => side < input) || sides[0] == input)
            throw new CommandException($"--crop-sides must be different, none below the input's {input} pixels, and the first above it.");
        int[] scales = [.. sides.Select(side => (int)Math.Round((double)side * CropPlanSpec.PaperInput / input))];
        var centre = (int)Math.Round((double)preprocessing.ResizeShorterSide * CropPlanSpec.PaperInput / input);
        var pair = new CropPlanSpec { Scales = [centre], Views = 1 };
        var twelve = new CropPlanSpec { Scales = [scales[0]] };
        var many = new CropPlanSpec { Scales = scales, Squares = Squares };
        return preprocessing with
        {
            MultiCropShorterSide = sides[0],
            CropPlans = new Dictionary<string, CropPlanSpec>(StringComparer.Ordinal)
            {
                [Name(pair)] = pair,
                [Name(twelve)] = twelve,
                [Name(many)] = many,
            },
        };
    }

    private static string Name(CropPlanSpec plan) => plan.Count.ToString(CultureInfo.InvariantCulture);
}
