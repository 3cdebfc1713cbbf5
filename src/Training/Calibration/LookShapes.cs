using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;
using Saccade.Inference.Cropping;

namespace Saccade.Training.Calibration;

/// <summary>Which of the looks that were computed at a picture belong to which plan, by the picture's size.</summary>
/// <param name="manifest">The model's.</param>
/// <param name="plans">The plans whose looks were computed, in that order.</param>
/// <param name="chain">Plans in the order in which <c>auto</c> would look by them; all of them among <paramref name="plans"/>.</param>
internal sealed class LookShapes(ModelManifest manifest, IReadOnlyList<CropMode> plans, IReadOnlyList<CropMode> chain)
{
    private readonly Dictionary<(int, int), LookShape> _shapes = [];

    /// <summary>For pictures of a size.</summary>
    public LookShape Of(int width, int height)
    {
        if (!_shapes.TryGetValue((width, height), out var shape))
            _shapes.Add((width, height), shape = Make(width, height));
        return shape;
    }

    private LookShape Make(int width, int height)
    {
        var all = new CropSequence();
        foreach (var mode in plans)
            all.Add(Plan(mode));
        return new(plans.ToDictionary(mode => mode, mode => Chain([mode])[0]), Chain([.. chain]));

        LookView[] Chain(CropMode[] modes)
        {
            var sequence = new CropSequence();
            List<int> looks = [];
            return Array.ConvertAll(
                modes,
                mode =>
                {
                    var plan = Plan(mode);
                    looks.AddRange(all.IndicesOf(sequence.Fresh(plan)));
                    sequence.Add(plan);
                    return new LookView(mode, [.. looks], [.. sequence.Times], sequence.Count);
                }
            );
        }

        CropPlan Plan(CropMode mode) =>
            CropPlan.Create(mode, width, height, manifest.Input.Width, manifest.Input.Height, manifest.Preprocessing);
    }
}

/// <summary>The looks at pictures of one size.</summary>
/// <param name="Plans">Of each plan alone.</param>
/// <param name="Chain">Of the plans that <c>auto</c> would look by, each with all that came before it.</param>
internal sealed record LookShape(IReadOnlyDictionary<CropMode, LookView> Plans, IReadOnlyList<LookView> Chain);

/// <summary>Some of the looks that were computed.</summary>
/// <param name="Crops">The plan that was looked by last.</param>
/// <param name="Looks">Which.</param>
/// <param name="Times">How often each counts.</param>
/// <param name="Count">Looks in all.</param>
internal sealed record LookView(CropMode Crops, IReadOnlyList<int> Looks, IReadOnlyList<int> Times, int Count);
