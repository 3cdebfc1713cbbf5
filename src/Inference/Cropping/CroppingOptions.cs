using Saccade.Inference.Bundles;

namespace Saccade.Inference.Cropping;

/// <summary>Plans of crops beside those that every model has: the configuration section <c>Cropping</c>.</summary>
public sealed class CroppingOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Cropping";

    /// <summary>Plans by their number of crops, for every model whose manifest has none of that number.</summary>
    /// <value>The default is none.</value>
    public IDictionary<string, CropPlanSpec> Plans { get; } = new Dictionary<string, CropPlanSpec>(StringComparer.Ordinal);

    /// <summary>Gives a model the configured plans that it does not have itself.</summary>
    internal ManifestPreprocessing AddTo(ManifestPreprocessing preprocessing)
    {
        if (Plans.Count == 0)
            return preprocessing;
        var own = preprocessing.CropPlans ?? new Dictionary<string, CropPlanSpec>();
        return preprocessing with
        {
            CropPlans = own.Concat(Plans.Where(plan => !own.ContainsKey(plan.Key))).ToDictionary(StringComparer.Ordinal),
        };
    }
}
