using System.Globalization;
using System.Text;
using Saccade.Inference.Bundles;
using Saccade.Training.Evaluation;
using static Saccade.Training.Markdown;

namespace Saccade.Training.Bundles;

/// <summary>
/// <c>README.md</c> of a bundle: what the model was trained on and how, how good it is, what it cannot do, and its licence, for people. The
/// service and <see cref="BundleVerification"/> do not read it, and whoever publishes the bundle may write more into it.
/// </summary>
internal static class ModelCard
{
    /// <summary>File name inside a bundle.</summary>
    public const string FileName = "README.md";

    private const int MostLabels = 200;

    private static readonly string[] DataKeys = ["dataSet", "split", "trainImages", "heldOutImages"];

    /// <summary>The card of a model, from its manifest alone.</summary>
    public static string Of(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var provenance = manifest.Provenance ?? new Dictionary<string, string>();
        var text = new StringBuilder();
        Line(text, $"# {Escape(manifest.Architecture.Name)}, {manifest.Labels.Count} classes");
        Line(text, $"");
        Line(text, $"An image classifier of {manifest.Architecture.Parameters:N0} parameters and {manifest.Architecture.Macs:N0}");
        Line(
            text,
            $"multiply-adds for a crop of {manifest.Input.Height} × {manifest.Input.Width} pixels, as ONNX ({Name(manifest.Precision)})."
        );
        Line(text, $"Written from `manifest.json` when the bundle was made; where they differ, the manifest counts.");
        Section(text, "Training data");
        Table(text, provenance.Where(entry => DataKeys.Contains(entry.Key, StringComparer.Ordinal)), "The data is not recorded.");
        Section(text, "Recipe");
        Table(text, provenance.Where(entry => !DataKeys.Contains(entry.Key, StringComparer.Ordinal)), "The training is not recorded.");
        AppendAccuracy(text, manifest);
        AppendLimits(text, manifest);
        Section(text, "Licence");
        Line(text, $"{(manifest.Licence is { } licence ? Escape(licence) : "Not stated.")}");
        Section(text, "Classes");
        var labels = string.Join(", ", manifest.Labels.Take(MostLabels).Select(Escape));
        Line(text, $"{labels}{(manifest.Labels.Count > MostLabels ? $" and {manifest.Labels.Count - MostLabels} more" : "")}");
        return text.ToString();
    }

    private static void AppendAccuracy(StringBuilder text, ModelManifest manifest)
    {
        Section(text, "Accuracy");
        if (manifest.Accuracy is not { } accuracy)
        {
            Line(text, $"Not measured. `evaluate --model … --data …` does.");
            return;
        }

        Line(text, $"Measured on {accuracy.Images:N0} images: {Escape(accuracy.DataSet.TrimEnd('.'))}.");
        Line(text, $"");
        Line(text, $"| crops | top-1 | 95 % interval |");
        Line(text, $"|---|---|---|");
        foreach (var (crops, top1) in accuracy.Top1ByCrops)
        {
            var (low, high) = ConfidenceInterval.Of(top1, Math.Max(1, accuracy.Images));
            Line(text, $"| {crops} | {top1 * 100:F2} % | {low * 100:F2} to {high * 100:F2} % |");
        }
    }

    private static void AppendLimits(StringBuilder text, ModelManifest manifest)
    {
        Section(text, "Limits");
        if (manifest is { Activation: Activation.Sigmoid } or { Threshold: not null })
            Line(text, $"* It decides each of its {manifest.Labels.Count} labels on its own: an image may have several, or none.");
        else
            Line(
                text,
                $"* It names one of its {manifest.Labels.Count} classes whatever an image shows, also for an image of none of them."
            );
        Line(text, $"* The accuracy holds for images like those measured. For others (another camera, place or season) measure again with");
        Line(text, $"  `evaluate --data FOLDER --split all`.");
        if (manifest.TemperatureScaling is null)
            Line(text, $"* Its probabilities were not calibrated when this was written; `evaluate --tune` does.");
        if (manifest.Precision != Precision.Fp32)
            Line(text, $"* Its weights are rounded: {Agreement(manifest)}");
        Line(text, $"* What else it must not be used for, whoever trained it has to say here.");
    }

    private static string Agreement(ModelManifest manifest) =>
        manifest.Parity?.Top1Agreement is { } same
            ? string.Create(CultureInfo.InvariantCulture, $"{same * 100:F1} % of the images compared keep their first class.")
            : "some images have another first class than with 32-bit floats.";

    private static void Section(StringBuilder text, string title)
    {
        Line(text, $"");
        Line(text, $"## {title}");
        Line(text, $"");
    }

    private static void Table(StringBuilder text, IEnumerable<KeyValuePair<string, string>> entries, string instead)
    {
        KeyValuePair<string, string>[] all = [.. entries];
        if (all.Length == 0)
        {
            Line(text, $"{instead}");
            return;
        }

        Line(text, $"| | |");
        Line(text, $"|---|---|");
        foreach (var (key, value) in all)
            Line(text, $"| {Escape(key)} | {Escape(value)} |");
    }

    private static string Name(Precision precision) => precision.ToString().ToLowerInvariant();
}
