namespace Saccade.Inference.Bundles;

/// <summary>What must hold inside a manifest for it to be served.</summary>
internal static class ManifestRules
{
    private const int Channels = 3;

    /// <summary>Every rule that <paramref name="manifest"/> breaks, one sentence each; empty when it is sound.</summary>
    public static IReadOnlyList<string> Check(ModelManifest manifest)
    {
        var problems = new List<string>();
        var input = manifest.Input;
        var steps = manifest.Preprocessing;

        Require(
            manifest.Format == ModelManifest.CurrentFormat,
            $"format {manifest.Format} is unknown; this service reads format {ModelManifest.CurrentFormat}."
        );
        Require(input.Height is >= 1 and <= 4096 && input.Width is >= 1 and <= 4096, "input height and width must be 1 to 4096.");
        Require(input.Name.Length > 0, "input.name must not be empty.");
        Require(manifest.Output.Length > 0, "output must not be empty.");
        Require(
            manifest.Features is not { } features
                || (features.Size >= 1 && features.Output.Length > 0 && features.Output != manifest.Output),
            "features needs the name of an output of its own and a size of at least 1."
        );
        Require(manifest.Labels.Count >= 1, "labels must not be empty.");
        Require(steps.Mean.Count == Channels, "preprocessing.mean needs three numbers.");
        Require(steps.Std.Count == Channels, "preprocessing.std needs three numbers.");
        Require(steps.Mean.All(float.IsFinite), "preprocessing.mean must be finite.");
        Require(steps.Std.All(value => float.IsFinite(value) && value > 0), "preprocessing.std must be positive.");
        Require(float.IsFinite(steps.Scale) && steps.Scale > 0, "preprocessing.scale must be positive.");

        var longerSide = Math.Max(input.Height, input.Width);
        Require(steps.ResizeShorterSide >= longerSide, "preprocessing.resizeShorterSide must not be smaller than the input.");
        Require(steps.MultiCropShorterSide >= longerSide, "preprocessing.multiCropShorterSide must not be smaller than the input.");
        problems.AddRange(CropPlans.Problems(steps.CropPlans ?? new Dictionary<string, CropPlanSpec>(), "preprocessing.cropPlans"));
        Require(manifest.Threshold is null or (>= 0 and <= 1), "threshold must be 0 to 1.");
        Require(
            manifest.Threshold is null || manifest.Activation is Activation.Sigmoid or Activation.None,
            "threshold is for labels that do not exclude each other: activation must be sigmoid, or none where the graph ends in a sigmoid."
        );
        Require(
            manifest.EarlyExit is null || (manifest.Threshold is null && manifest.Activation != Activation.Sigmoid),
            "earlyExit is for classes that exclude each other: labels that are decided one by one have no crops=auto."
        );
        Require(
            manifest.TemperatureScaling is null || manifest is not { Activation: Activation.None, Threshold: not null },
            "temperatureScaling needs logits: activation must be sigmoid, not none."
        );
        problems.AddRange(manifest.EarlyExit?.Problems(members: null) ?? []);
        if (manifest.TemperatureScaling?.Problem is { } problem)
            problems.Add(problem);
        Require(
            manifest.Sha256 is null || (manifest.Sha256.Length == 64 && manifest.Sha256.All(char.IsAsciiHexDigitLower)),
            "sha256 must be 64 lower-case hexadecimal digits."
        );
        return problems;

        void Require(bool holds, string problem)
        {
            if (!holds)
                problems.Add(problem);
        }
    }
}
