using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Saccade.Inference.Bundles;

/// <summary>
/// What somebody wrote down about a network without a complete manifest: some of a manifest's fields, or its labels alone, one to a line in
/// <c>labels.txt</c> or as <c>id2label</c> in the <c>config.json</c> of Hugging Face.
/// </summary>
internal sealed class GivenFields
{
    private const string LabelsFile = "labels.txt";
    private const string ConfigFile = "config.json";
    private const string LabelsField = "labels";

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

    private readonly JsonObject _fields;

    private GivenFields(JsonObject fields) => _fields = fields;

    /// <summary>Nothing.</summary>
    public static GivenFields None { get; } = new([]);

    /// <summary>Whether nothing is left to be assumed.</summary>
    public bool IsComplete => !Assumed.Any();

    /// <summary>Names of the classes; null where there are none, or not all of them are texts.</summary>
    public IReadOnlyList<string>? Labels =>
        _fields[LabelsField] is JsonArray labels && labels.All(label => label?.GetValueKind() == JsonValueKind.String)
            ? [.. labels.Select(label => label!.GetValue<string>())]
            : null;

    /// <summary>The fields of a manifest that are not there, such as <c>preprocessing.mean</c>.</summary>
    public IEnumerable<string> Assumed => Required.Where(path => Find(path) is null);

    /// <summary>Reads what a bundle's folder holds.</summary>
    /// <exception cref="InvalidDataException">A file is of another form.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static GivenFields Read(string folder)
    {
        var fields = BundleFiles.Find(folder, ManifestJson.FileName) is { } path
            ? Parse(ManifestJson.FileName, BundleFiles.ReadJson(path))
            : [];
        if (!fields.ContainsKey(LabelsField) && ReadLabels(folder) is { Length: > 0 } labels)
            fields[LabelsField] = new JsonArray([.. labels.Select(label => JsonValue.Create(label))]);
        return new(fields);
    }

    /// <summary>A text among the fields; null if it is not there.</summary>
    /// <param name="path">Such as <c>output</c> or <c>input.layout</c>.</param>
    public string? Text(string path) => Find(path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A whole number among the fields; null if it is not there.</summary>
    public int? Number(string path) => Find(path) is JsonValue value && value.TryGetValue(out int number) ? number : null;

    /// <summary>A manifest with these fields, and another's where there are none.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself, or a field is of another form; the message says which.</exception>
    public ModelManifest Over(ModelManifest assumed)
    {
        var all = JsonNode.Parse(ManifestJson.Write(assumed))!.AsObject();
        Lay(_fields, all);
        return ManifestJson.Read(Encoding.UTF8.GetBytes(all.ToJsonString()));
    }

    private static void Lay(JsonObject given, JsonObject over)
    {
        foreach (var (name, value) in given)
        {
            if (value is JsonObject inner && over[name] is JsonObject same)
                Lay(inner, same);
            else
                over[name] = value?.DeepClone();
        }
    }

    private static string[]? ReadLabels(string folder)
    {
        if (BundleFiles.Find(folder, LabelsFile) is { } lines)
        {
            // Lines at the end are no classes, those between others are.
            using var text = new StreamReader(new MemoryStream(BundleFiles.ReadJson(lines)));
            return text.ReadToEnd().TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        }

        if (
            BundleFiles.Find(folder, ConfigFile) is not { } config
            || Parse(ConfigFile, BundleFiles.ReadJson(config))["id2label"] is not JsonObject named
        )
            return null;
        var labels = new string[named.Count];
        for (var index = 0; index < labels.Length; index++)
        {
            labels[index] =
                named[index.ToString(CultureInfo.InvariantCulture)]?.ToString()
                ?? throw new InvalidDataException($"id2label in {ConfigFile} has {named.Count} labels, but none of class {index}.");
        }

        return labels;
    }

    private static JsonObject Parse(string file, byte[] utf8)
    {
        try
        {
            return JsonNode.Parse(utf8, documentOptions: Lenient) as JsonObject ?? throw new InvalidDataException($"{file} is no object.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} cannot be read: {error.Message}", error);
        }
    }

    private JsonNode? Find(string path)
    {
        JsonNode? at = _fields;
        foreach (var name in path.Split('.'))
            at = (at as JsonObject)?[name];
        return at;
    }
}
