namespace Saccade.Inference.Bundles;

/// <summary>Which plans there are for a model, beside 1, and beside 10 where the model has none of its own.</summary>
public static class CropPlans
{
    private static readonly Dictionary<string, CropPlanSpec> OfThePapers = new(StringComparer.Ordinal)
    {
        ["12"] = new() { Scales = [256] },
        ["144"] = new() { Scales = [256, 288, 320, 352], Squares = 3 },
    };

    /// <summary>What every model can be asked for: numbers, smallest first, and auto.</summary>
    public static IReadOnlyList<CropMode> Always { get; } =
    [CropMode.Single, CropMode.Crops10, CropMode.Crops12, CropMode.Crops144, CropMode.Auto];

    /// <summary>The plan of that number of crops; null if the model has none. 1, and 10 by default, are not described this way.</summary>
    public static CropPlanSpec? Find(CropMode mode, ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        var name = mode.ToString();
        return preprocessing.CropPlans?.GetValueOrDefault(name) ?? OfThePapers.GetValueOrDefault(name);
    }

    /// <summary>The mode that asks for a plan, which is sound.</summary>
    private static CropMode Named(string number) =>
        CropMode.TryParse(number, out var mode) ? mode : throw new ArgumentException($"No plan is named {number}.", nameof(number));

    /// <summary>Whether a model can be asked for that number of crops.</summary>
    public static bool Has(CropMode mode, ManifestPreprocessing preprocessing) =>
        mode == CropMode.Single || mode == CropMode.Crops10 || Find(mode, preprocessing) is not null;

    /// <summary>What a model can be asked for: not for auto, which needs one class to be sure of, where each label is decided on its
    /// own.</summary>
    public static IReadOnlyList<CropMode> Of(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var modes = Of(manifest.Preprocessing);
        return manifest.Threshold is null ? modes : [.. modes.Where(mode => !mode.IsAuto)];
    }

    /// <summary>What every model can be asked for, and the plans of this one.</summary>
    public static IReadOnlyList<CropMode> Of(ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        return With(preprocessing.CropPlans?.Keys ?? []);
    }

    /// <summary>What every model can be asked for, and plans of other numbers.</summary>
    public static IReadOnlyList<CropMode> With(IEnumerable<string> numbers)
    {
        CropMode[] added = [.. numbers.Select(Named).Except(Always)];
        return added.Length == 0
            ? Always
            : [.. Always.Where(mode => !mode.IsAuto).Concat(added).OrderBy(mode => mode.Crops), CropMode.Auto];
    }

    /// <summary>Checks that a model can be asked for something.</summary>
    /// <param name="asked">What it is to be asked for.</param>
    /// <param name="known">What it can be asked for.</param>
    /// <exception cref="InvalidDataException">It cannot.</exception>
    public static void Require(IEnumerable<CropMode> asked, IReadOnlyList<CropMode> known)
    {
        CropMode[] missing = [.. asked.Except(known)];
        if (missing.Length > 0)
        {
            throw new InvalidDataException(
                $"The model has no plan of {string.Join(", ", missing)} crops; it has {string.Join(", ", known)}."
            );
        }
    }

    /// <summary>Everything wrong with plans written by hand, one sentence each.</summary>
    /// <param name="plans">By number of crops.</param>
    /// <param name="place">What they are called where they are written.</param>
    public static IEnumerable<string> Problems(IReadOnlyDictionary<string, CropPlanSpec> plans, string place) =>
        plans.SelectMany(plan => plan.Value.Problems(plan.Key).Select(problem => $"{place} '{plan.Key}' {problem}."));
}
