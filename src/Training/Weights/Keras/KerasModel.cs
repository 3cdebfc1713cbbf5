using System.Text.Json;

namespace Saccade.Training.Weights.Keras;

/// <summary>Reads Keras's description of a network: models by functions and in a row, of Keras 2 and 3, one inside another.</summary>
internal static class KerasModel
{
    private const int MaxLayers = 5_000;

    /// <summary>The layer that answers, from which all others are reached; null where the description lists no layers.</summary>
    /// <exception cref="InvalidDataException">The description contradicts itself, or the model has several outputs.</exception>
    public static KerasLayer? Output(JsonElement topology)
    {
        try
        {
            var model = topology.TryGetProperty("model_config", out var inner) ? inner : topology;
            if (!IsModel(model) || Layers(model).GetArrayLength() == 0)
                return null;

            return Unfold(model, []) is [var only] ? only : throw new InvalidDataException("the model has several outputs; a classifier has one");
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"the description of the model is broken: {error.Message}", error);
        }
    }

    private static bool IsModel(JsonElement layer) =>
        layer.ValueKind == JsonValueKind.Object
        && layer.TryGetProperty("config", out var config)
        && (config.ValueKind == JsonValueKind.Array || (config.ValueKind == JsonValueKind.Object && config.TryGetProperty("layers", out _)));

    private static JsonElement Layers(JsonElement model)
    {
        var config = model.GetProperty("config");
        return config.ValueKind == JsonValueKind.Array ? config : config.GetProperty("layers");
    }

    /// <summary>A model's outputs, its own inputs replaced by what it is given.</summary>
    private static IReadOnlyList<KerasLayer> Unfold(JsonElement model, IReadOnlyList<KerasLayer> given)
    {
        var layers = Layers(model);
        if (layers.GetArrayLength() > MaxLayers)
            throw new InvalidDataException($"the model has more than {MaxLayers} layers");
        return model.TryGetProperty("class_name", out var kind) && kind.GetString() == "Sequential"
            ? InARow(layers, given)
            : ByFunctions(model.GetProperty("config"), layers, given);
    }

    private static IReadOnlyList<KerasLayer> InARow(JsonElement layers, IReadOnlyList<KerasLayer> given)
    {
        foreach (var layer in layers.EnumerateArray())
        {
            if (given.Count == 0 && !IsModel(layer) && Kind(layer) != "InputLayer")
                given = [new KerasLayer("input", "InputLayer", layer.GetProperty("config"), [])];
            given = Add(layer, given);
        }

        return given;
    }

    private static IReadOnlyList<KerasLayer> ByFunctions(JsonElement config, JsonElement layers, IReadOnlyList<KerasLayer> given)
    {
        var waiting = layers.EnumerateArray().Select(layer => (Layer: layer, Name: Name(layer), Reads: Calls(layer))).ToList();
        var done = new Dictionary<string, IReadOnlyList<KerasLayer>>(StringComparer.Ordinal);
        var inputs = References(config.TryGetProperty("input_layers", out var names) ? names : default).ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.Where(one => one.Reads.TrueForAll(read => done.ContainsKey(read.Layer))).ToList();
            if (ready.Count == 0)
                throw new InvalidDataException($"layer '{waiting[0].Name}' reads a layer that does not come before it");

            foreach (var (layer, name, reads) in ready)
            {
                var position = inputs.FindIndex(input => input.Layer == name);
                var outputs = position >= 0 && given.Count > 0
                    ? [given[Math.Min(position, given.Count - 1)]]
                    : Add(layer, [.. reads.Select(read => Pick(done[read.Layer], read))]);
                if (!done.TryAdd(name, outputs))
                    throw new InvalidDataException($"two layers are called '{name}'");
            }

            waiting.RemoveAll(one => done.ContainsKey(one.Name));
        }

        var asked = References(config.TryGetProperty("output_layers", out var ends) ? ends : default).ToList();
        return asked.Count > 0 && asked.TrueForAll(read => done.ContainsKey(read.Layer))
            ? [.. asked.Select(read => Pick(done[read.Layer], read))]
            : throw new InvalidDataException("the model does not say which layer answers");
    }

    private static KerasLayer Pick(IReadOnlyList<KerasLayer> outputs, (string Layer, int Output) read) => read.Output >= 0 && read.Output < outputs.Count
        ? outputs[read.Output]
        : throw new InvalidDataException($"layer '{read.Layer}' has no output {read.Output}");

    private static IReadOnlyList<KerasLayer> Add(JsonElement layer, IReadOnlyList<KerasLayer> inputs) =>
        IsModel(layer) ? Unfold(layer, inputs) : [new KerasLayer(Name(layer), Kind(layer), layer.GetProperty("config"), inputs)];

    private static string Kind(JsonElement layer) => layer.GetProperty("class_name").GetString() ?? "";

    private static string Name(JsonElement layer)
    {
        if (layer.TryGetProperty("name", out var own) && own.ValueKind == JsonValueKind.String)
            return own.GetString()!;
        var config = layer.GetProperty("config");
        return config.ValueKind == JsonValueKind.Object && config.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "";
    }

    /// <summary>What a layer reads. One that is called several times in one model is no part of any network here.</summary>
    private static List<(string Layer, int Output)> Calls(JsonElement layer)
    {
        if (!layer.TryGetProperty("inbound_nodes", out var nodes) || nodes.ValueKind != JsonValueKind.Array || nodes.GetArrayLength() == 0)
            return [];
        return nodes.GetArrayLength() == 1 || nodes[0].ValueKind == JsonValueKind.String
            ? [.. References(nodes)]
            : throw new InvalidDataException($"layer '{Name(layer)}' is used {nodes.GetArrayLength()} times");
    }

    /// <summary>
    /// References to outputs, however deep they lie: Keras 2 writes ["name", node, output, …], Keras 3 an object with the same under
    /// <c>keras_history</c>.
    /// </summary>
    private static IEnumerable<(string Layer, int Output)> References(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array when value.GetArrayLength() >= 3 && value[0].ValueKind == JsonValueKind.String && value[2].ValueKind == JsonValueKind.Number =>
            [(value[0].GetString()!, value[2].GetInt32())],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(References),
        JsonValueKind.Object when value.TryGetProperty("keras_history", out var history) => References(history),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => References(member.Value)),
        _ => [],
    };
}
