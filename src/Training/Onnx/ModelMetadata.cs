using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;

namespace Saccade.Training.Onnx;

/// <summary>What a bundle says about itself beside its weights.</summary>
internal static class ModelMetadata
{
    /// <summary>Key of the class names inside an ONNX file: a JSON array in index order.</summary>
    internal const string Labels = "labels";

    private const string Preprocessing = "preprocess";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Free text inside the ONNX file, for whoever gets it without its manifest.</summary>
    internal static Dictionary<string, string> InGraph(ModelManifest manifest) =>
        new(StringComparer.Ordinal)
        {
            [Labels] = JsonSerializer.Serialize(manifest.Labels, Json),
            [Preprocessing] = JsonSerializer.Serialize(manifest.Preprocessing, Json),
            ["architecture"] = manifest.Architecture.Name,
            ["width"] = manifest.Architecture.Width.ToString(CultureInfo.InvariantCulture),
            ["weights_origin"] = JsonSerializer.Serialize(manifest.Provenance, Json),
        };

    /// <summary>The preprocessing that a graph was exported with; null where it does not say.</summary>
    /// <param name="metadata">The graph's free text.</param>
    internal static ManifestPreprocessing? PreprocessingIn(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return metadata.TryGetValue(Preprocessing, out var json) ? JsonSerializer.Deserialize<ManifestPreprocessing>(json, Json) : null;
        }
        catch (JsonException)
        {
            // Another tool's text under the same key.
            return null;
        }
    }

    /// <summary>Where the weights come from. Folders of the machine that trained them are left out: a bundle travels.</summary>
    internal static Dictionary<string, string> Provenance(RunRecord record) =>
        new(StringComparer.Ordinal)
        {
            ["network"] = $"variant {record.Network.Variant}, {record.Network.Traits}",
            ["dataSet"] = LastPart(record.Data.Path),
            ["split"] = record.Data.Split,
            ["trainImages"] = record.Data.TrainImages.ToString(CultureInfo.InvariantCulture),
            ["heldOutImages"] = record.Data.HeldOutImages.ToString(CultureInfo.InvariantCulture),
            ["recipe"] = string.Join(", ", Flatten("", JsonSerializer.SerializeToElement(record.Recipe, Json))),
            ["seed"] = record.Seed.ToString(CultureInfo.InvariantCulture),
            ["threads"] = record.Threads.ToString(CultureInfo.InvariantCulture),
            ["command"] = string.Join(' ', record.CommandLine.Split(' ').Select(word => Path.IsPathRooted(word) ? LastPart(word) : word)),
            ["versions"] = string.Join(", ", record.Versions.Select(version => $"{version.Key} {version.Value}")),
        };

    /// <summary>Every knob as <c>name value</c>, names of inner ones after a dot: a text that a person reads without unescaping
    /// it.</summary>
    private static IEnumerable<string> Flatten(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().SelectMany(inner => Flatten(name.Length == 0 ? inner.Name : $"{name}.{inner.Name}", inner.Value))
            : [$"{name} {(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText())}"];

    /// <summary>The last folder or file of a path.</summary>
    internal static string LastPart(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
