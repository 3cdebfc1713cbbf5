using System.Text.Json;

namespace Saccade.Training.Weights.Keras;

/// <summary>
/// Reads Keras's description of a model: by functions and in a row, of Keras 2 and 3, one inside another. Layers are named there, and
/// nothing is ever made or run from it: a class that is not known, such as <c>Lambda</c> with its code, is refused by name.
/// </summary>
internal static class KerasDescription
{
    private const int MaxLayers = 5_000;

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "InputLayer",
        "Rescaling",
        "Conv2D",
        "SeparableConv2D",
        "BatchNormalization",
        "Activation",
        "ReLU",
        "Softmax",
        "MaxPooling2D",
        "AveragePooling2D",
        "GlobalAveragePooling2D",
        "Concatenate",
        "Add",
        "Flatten",
        "Dense",
        "Dropout",
        "SpatialDropout2D",
        "AlphaDropout",
        "GaussianDropout",
        "GaussianNoise",
        "ActivityRegularization",
        "RandomFlip",
        "RandomRotation",
        "RandomZoom",
        "RandomTranslation",
        "RandomContrast",
        "RandomBrightness",
    };

    /// <summary>The layers in Keras's order, those of inner models where these stand.</summary>
    /// <param name="json">A <c>model_config</c>, the <c>config.json</c> of a <c>.keras</c> archive, or a <c>modelTopology</c>.</param>
    /// <exception cref="InvalidDataException">It describes no model, contradicts itself, or has a layer that no network here
    /// has.</exception>
    public static IReadOnlyList<KerasLayer> Layers(JsonElement json)
    {
        try
        {
            var model = json.TryGetProperty("model_config", out var inner) ? inner : json;
            if (!IsModel(model))
                throw new InvalidDataException("its description is that of no model with layers");

            var layers = new List<KerasLayer>();
            Unfold(model, "", layers);
            if (layers.CountBy(layer => layer.Name).FirstOrDefault(name => name.Value > 1).Key is { } twice)
                throw new InvalidDataException($"two layers are called '{twice}'");
            return layers;
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"the description of the model is broken: {error.Message}", error);
        }
    }

    /// <summary>The same of a text.</summary>
    /// <exception cref="InvalidDataException">It is no JSON, or as above.</exception>
    public static IReadOnlyList<KerasLayer> Layers(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Layers(document.RootElement.Clone());
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"the description of the model is no JSON: {error.Message}", error);
        }
    }

    private static bool IsModel(JsonElement layer) =>
        layer.ValueKind == JsonValueKind.Object
        && layer.TryGetProperty("config", out var config)
        && (
            config.ValueKind == JsonValueKind.Array || (config.ValueKind == JsonValueKind.Object && config.TryGetProperty("layers", out _))
        );

    private static void Unfold(JsonElement model, string path, List<KerasLayer> found)
    {
        var config = model.GetProperty("config");
        if (config.ValueKind == JsonValueKind.Object && config.TryGetProperty("output_layers", out var outputs) && Count(outputs) > 1)
            throw new InvalidDataException($"the model has {Count(outputs)} outputs; a classifier has one");

        // Keras 3 names a layer's variables after its class and how many of that class came before in the same model.
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var layer in (config.ValueKind == JsonValueKind.Array ? config : config.GetProperty("layers")).EnumerateArray())
        {
            var kind = layer.GetProperty("class_name").GetString() ?? "";
            var own = Folder(kind);
            var number = numbers[own] = numbers.GetValueOrDefault(own, -1) + 1;
            var place = $"{path}layers/{own}{(number == 0 ? "" : $"_{number}")}";
            if (layer.TryGetProperty("inbound_nodes", out var nodes) && Count(nodes) > 1)
                throw new InvalidDataException($"layer '{Name(layer)}' is used {Count(nodes)} times");
            if (IsModel(layer))
                Unfold(layer, $"{place}/", found);
            else if (Known.Contains(kind))
                found.Add(new KerasLayer(Name(layer), kind, layer.GetProperty("config")) { Path = place });
            else
                throw new InvalidDataException($"layer '{Name(layer)}' is a {kind}, as no network here has it");
            if (found.Count > MaxLayers)
                throw new InvalidDataException($"the model has more than {MaxLayers} layers");
        }
    }

    private static string Name(JsonElement layer)
    {
        if (layer.TryGetProperty("name", out var own) && own.ValueKind == JsonValueKind.String)
            return own.GetString()!;
        var config = layer.GetProperty("config");
        return config.ValueKind == JsonValueKind.Object && config.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "";
    }

    /// <summary>Elements of a list of lists or objects; a bare reference, <c>["name", 0, 0]</c>, is one.</summary>
    private static int Count(JsonElement list) =>
        list.ValueKind switch
        {
            JsonValueKind.Array when list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.String => 1,
            JsonValueKind.Array => list.GetArrayLength(),
            _ => 0,
        };

    /// <summary>What Keras 3 calls a class where it names variables after it: snake case, which matters where a layer has some.</summary>
    private static string Folder(string kind) =>
        kind switch
        {
            "SeparableConv2D" => "separable_conv2d",
            "BatchNormalization" => "batch_normalization",
            _ => kind.ToLowerInvariant(),
        };
}
