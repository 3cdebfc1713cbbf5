using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Onnx;

/// <summary>What a bundle says about itself beside its weights.</summary>
internal static class ModelMetadata
{
    /// <summary>Key of the class names inside an ONNX file: a JSON array in index order.</summary>
    internal const string Labels = "labels";

    private const string Preprocessing = "preprocess";
    private const string NetworkKey = "network";
    private const string VariantWord = "variant";
    private const string StemWord = "stem";

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

    /// <summary>Which version of an architecture a network is, as <see cref="NetworkIn"/> reads it.</summary>
    internal static string NetworkText(string? variant, Stem? stem, TraitSet traits) =>
        string.Join(
            ", ",
            new[]
            {
                variant is null ? "" : $"{VariantWord} {variant}",
                stem is null ? "" : $"{StemWord} {EnumNames<Stem>.NameOf(stem.Value)}",
                $"{traits}",
            }.Where(part => part.Length > 0)
        );

    /// <summary>What a bundle says about the version of its architecture; what it does not say is null.</summary>
    internal static (string? Variant, Stem? Stem, TraitSet Traits) NetworkIn(IReadOnlyDictionary<string, string>? provenance)
    {
        var (variant, stem, traits) = ((string?)null, (Stem?)null, new List<TraitValue>());
        foreach (var part in (provenance?.GetValueOrDefault(NetworkKey) ?? "").Split(", "))
        {
            if (part.Split(' ', 2) is not [var name, var value])
                continue;
            if (name == VariantWord)
                variant = value;
            else if (name == StemWord)
                stem = EnumNames<Stem>.TryParse(value);
            else if (Traits.All.FirstOrDefault(trait => trait.Name == TraitSetConverter.Current(name))?.Parse(value) is { } trait)
                traits.Add(trait);
        }

        return (variant, stem, TraitSet.Of([.. traits]));
    }

    /// <summary>Where the weights come from. Folders of the machine that trained them are left out: a bundle travels.</summary>
    internal static Dictionary<string, string> Provenance(RunRecord record)
    {
        var provenance = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [NetworkKey] = NetworkText(record.Network.Variant, record.Network.Stem, record.Network.Traits ?? TraitSet.Empty),
            ["dataSet"] = record.Data.Location.Name,
            ["split"] = record.Data.Split,
            ["trainImages"] = record.Data.TrainImages.ToString(CultureInfo.InvariantCulture),
            ["heldOutImages"] = record.Data.HeldOutImages.ToString(CultureInfo.InvariantCulture),
            ["recipe"] = string.Join(", ", Flatten("", JsonSerializer.SerializeToElement(record.Recipe, Json))),
            ["seed"] = record.Seed.ToString(CultureInfo.InvariantCulture),
            ["threads"] = record.Threads.ToString(CultureInfo.InvariantCulture),
            ["command"] = string.Join(' ', record.CommandLine.Split(' ').Select(word => Path.IsPathRooted(word) ? LastPart(word) : word)),
            ["versions"] = string.Join(", ", record.Versions.Select(version => $"{version.Key} {version.Value}")),
        };
        if (record.Init is { } init)
            provenance["init"] = Origin(init);
        if (record.Teachers is { Count: > 0 } teachers)
            provenance["teachers"] = string.Join("; ", teachers.Select(Origin));
        return provenance;
    }

    private static string Origin(RunInit origin) => $"{Named(origin.Source)} ({origin.Kind}, sha256 {origin.Sha256})";

    /// <summary>The last part of a path, and the one before it where the last is a version: a number alone names nothing.</summary>
    private static string Named(string path)
    {
        var (last, parent) = (LastPart(path), Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path)));
        return last.All(char.IsAsciiDigit) && !string.IsNullOrEmpty(parent) ? $"{LastPart(parent)}/{last}" : last;
    }

    /// <summary>Every knob as <c>name value</c>, names of inner ones after a dot: a text that a person reads without unescaping
    /// it.</summary>
    private static IEnumerable<string> Flatten(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().SelectMany(inner => Flatten(name.Length == 0 ? inner.Name : $"{name}.{inner.Name}", inner.Value))
            : [$"{name} {(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText())}"];

    /// <summary>The last folder or file of a path.</summary>
    internal static string LastPart(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
