using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Saccade.Inference.Bundles;

/// <summary>
/// What somebody wrote down about a network without a complete manifest: some of a manifest's fields, or its labels alone, one to a line in
/// <c>labels.txt</c> or as <c>id2label</c> in the <c>config.json</c> of Hugging Face, or a <c>config.pbtxt</c> of Triton beside the folder.
/// </summary>
internal sealed class GivenFields
{
    private const string LabelsFile = "labels.txt";
    private const string ConfigFile = "config.json";
    private const string LabelsField = "labels";
    private const string ActivationField = "activation";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    // A manifest that has them is complete: the rest is optional.
    private static readonly string[] Required =
    [
        "architecture.name",
        "architecture.width",
        "architecture.parameters",
        "architecture.macs",
        "input.name",
        "input.type",
        "input.layout",
        "input.height",
        "input.width",
        "output",
        "preprocessing.resizeShorterSide",
        "preprocessing.multiCropShorterSide",
        "preprocessing.interpolation",
        "preprocessing.channelOrder",
        "preprocessing.scale",
        "preprocessing.mean",
        "preprocessing.std",
        LabelsField,
    ];

    // Not JsonObject, which throws where a name is given twice; as everywhere else, the last one counts.
    private readonly JsonElement _manifest;
    private readonly byte[]? _utf8;

    private GivenFields(byte[]? utf8, JsonElement manifest, IReadOnlyList<string>? ownFile)
    {
        (_utf8, _manifest) = (utf8, manifest);
        Labels = ownFile ?? LabelsOf(Find(LabelsField));
        HasLabelsApart = ownFile is not null;
    }

    /// <summary>Nothing.</summary>
    public static GivenFields None { get; } = new(utf8: null, default, ownFile: null);

    /// <summary>Whether nothing is left to be assumed.</summary>
    public bool IsComplete => !Missing.Any();

    /// <summary>What Triton was told about the network; null where it is in no repository of Triton's.</summary>
    public TritonConfig? Triton { get; private init; }

    /// <summary>Names of the classes; null where there are none, or not all of them are texts.</summary>
    public IReadOnlyList<string>? Labels { get; }

    /// <summary>The fields of a manifest that are not there, such as <c>preprocessing.mean</c>. A manifest that lacks nothing else may do
    /// without an activation.</summary>
    public IEnumerable<string> Assumed => IsComplete || Find(ActivationField) is not null ? Missing : Missing.Append(ActivationField);

    private IEnumerable<string> Missing => Required.Where(path => Find(path) is null && !(path == LabelsField && HasLabelsApart));

    // Whether the labels are in a file of their own: the manifest has none.
    private bool HasLabelsApart { get; }

    /// <summary>Reads what a bundle's folder holds.</summary>
    /// <param name="folder">Of a version.</param>
    /// <param name="labelsPath">A file of labels that goes before those in the folder; null if there is none.</param>
    /// <exception cref="InvalidDataException">A file is of another form.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static GivenFields Read(string folder, string? labelsPath = null)
    {
        var modelFolder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var triton = modelFolder is null ? null : TritonConfig.ReadFrom(modelFolder);
        var utf8 = BundleFiles.Find(folder, ManifestJson.FileName) is { } path ? BundleFiles.ReadJson(path) : null;
        var manifest = utf8 is null ? default : Parse(ManifestJson.FileName, utf8);
        var hasLabels = labelsPath is null && utf8 is not null && manifest.TryGetProperty(LabelsField, out _);
        if (triton is not null)
        {
            var fields = triton.Fields.DeepClone().AsObject();
            if (utf8 is not null)
                Lay(manifest, fields);
            utf8 = Encoding.UTF8.GetBytes(fields.ToJsonString());
            manifest = Parse(ManifestJson.FileName, utf8);
        }

        string[]? labels = null;
        if (labelsPath is not null)
            labels = Lines(labelsPath);
        else if (!hasLabels)
            labels = ReadLabels(folder) ?? (triton?.LabelFile is { } file ? Lines(Path.Combine(modelFolder!, file)) : null);
        return new(utf8, manifest, labels is { Length: > 0 } ? labels : null) { Triton = triton };
    }

    /// <summary>A text among the fields; null if it is not there.</summary>
    /// <param name="path">Such as <c>output</c> or <c>input.layout</c>.</param>
    public string? Text(string path) => Find(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A whole number among the fields; null if it is not there.</summary>
    public int? Number(string path) =>
        Find(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>The manifest that these fields are; they must be complete.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself, or a field is of another form; the message says which.</exception>
    public ModelManifest Manifest() => HasLabelsApart || _utf8 is null ? Read([]) : ManifestJson.Read(_utf8);

    /// <summary>A manifest with these fields, and another's where there are none.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself, or a field is of another form; the message says which.</exception>
    public ModelManifest Over(ModelManifest assumed) => Read(JsonNode.Parse(ManifestJson.Write(assumed))!.AsObject());

    private ModelManifest Read(JsonObject under)
    {
        if (_manifest.ValueKind == JsonValueKind.Object)
            Lay(_manifest, under);
        if (HasLabelsApart)
            under[LabelsField] = new JsonArray([.. Labels!.Select(label => JsonValue.Create(label))]);
        return ManifestJson.Read(Encoding.UTF8.GetBytes(under.ToJsonString()));
    }

    private static void Lay(JsonElement given, JsonObject over)
    {
        foreach (var field in given.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Object && over[field.Name] is JsonObject same)
                Lay(field.Value, same);
            else
                over[field.Name] = JsonNode.Parse(field.Value.GetRawText(), documentOptions: Lenient);
        }
    }

    private static string[]? ReadLabels(string folder)
    {
        if (BundleFiles.Find(folder, LabelsFile) is { } lines)
            return Lines(lines);

        if (
            BundleFiles.Find(folder, ConfigFile) is not { } config
            || !Parse(ConfigFile, BundleFiles.ReadJson(config)).TryGetProperty("id2label", out var named)
            || named.ValueKind != JsonValueKind.Object
        )
            return null;
        var labels = new string[named.GetPropertyCount()];
        for (var index = 0; index < labels.Length; index++)
        {
            labels[index] =
                named.TryGetProperty(index.ToString(CultureInfo.InvariantCulture), out var label) && label.ValueKind != JsonValueKind.Null
                    ? label.ToString()
                    : throw new InvalidDataException($"id2label in {ConfigFile} has {labels.Length} labels, but none of class {index}.");
        }

        return labels;
    }

    private static string[] Lines(string path)
    {
        // Lines at the end are no classes, those between others are.
        using var text = new StreamReader(new MemoryStream(BundleFiles.ReadJson(path)));
        return text.ReadToEnd().TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
    }

    private static IReadOnlyList<string>? LabelsOf(JsonElement? labels) =>
        labels is { ValueKind: JsonValueKind.Array } array && array.EnumerateArray().All(label => label.ValueKind == JsonValueKind.String)
            ? [.. array.EnumerateArray().Select(label => label.GetString()!)]
            : null;

    private static JsonElement Parse(string file, byte[] utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Lenient);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new InvalidDataException($"{file} is no object.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} cannot be read: {error.Message}", error);
        }
    }

    // Null counts as not there.
    private JsonElement? Find(string path)
    {
        var at = _manifest;
        foreach (var name in path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : at;
    }
}
