using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;
using Saccade.Inference.Cropping;

namespace Saccade.Training.Tuning;

/// <summary>Which of the crops that were computed of an image belong to which plan, by the image's size.</summary>
/// <param name="manifest">The model's.</param>
/// <param name="plans">The plans whose crops were computed, in that order.</param>
/// <param name="chain">The plans of successive rounds of <c>auto</c>; all of them among <paramref name="plans"/>.</param>
internal sealed class CropSelections(ModelManifest manifest, IReadOnlyList<CropMode> plans, IReadOnlyList<CropMode> chain)
{
    private readonly Dictionary<(int, int), CropSelection> _selections = [];

    /// <summary>For images of a size.</summary>
    public CropSelection Of(int width, int height)
    {
        if (!_selections.TryGetValue((width, height), out var selection))
            _selections.Add((width, height), selection = Make(width, height));
        return selection;
    }

    private CropSelection Make(int width, int height)
    {
        var all = new CropSequence();
        foreach (var mode in plans)
            all.Add(Plan(mode));
        return new(plans.ToDictionary(mode => mode, mode => Chain([mode])[0]), Chain([.. chain]));

        CropSubset[] Chain(CropMode[] modes)
        {
            var sequence = new CropSequence();
            List<int> indices = [];
            return Array.ConvertAll(
                modes,
                mode =>
                {
                    var plan = Plan(mode);
                    indices.AddRange(all.IndicesOf(sequence.Fresh(plan)));
                    sequence.Add(plan);
                    return new CropSubset(mode, [.. indices], [.. sequence.Times], sequence.Count);
                }
            );
        }

        CropPlan Plan(CropMode mode) =>
            CropPlan.Create(mode, width, height, manifest.Input.Width, manifest.Input.Height, manifest.Preprocessing);
    }
}

/// <summary>The crops of images of one size.</summary>
/// <param name="Plans">Of each plan alone.</param>
/// <param name="Chain">Of the rounds of <c>auto</c>, each with all that came before it.</param>
internal sealed record CropSelection(IReadOnlyDictionary<CropMode, CropSubset> Plans, IReadOnlyList<CropSubset> Chain);

/// <summary>Some of the crops that were computed.</summary>
/// <param name="Crops">The plan that was added last.</param>
/// <param name="Indices">Which, by their place among those computed.</param>
/// <param name="Times">How often each counts.</param>
/// <param name="Count">Crops in all, repeated ones counted.</param>
internal sealed record CropSubset(CropMode Crops, IReadOnlyList<int> Indices, IReadOnlyList<int> Times, int Count);
