using System.Text.Json;

namespace Saccade.Training.Weights.Keras;

/// <summary>
/// A TensorFlow.js layers model: <c>model.json</c> with Keras's own description of the model and a manifest of weights, which lie one
/// behind the other in shards beside it, as floats or as integers with a scale and a minimum for each tensor.
/// </summary>
internal static class LayersModel
{
    /// <summary>Name of the file in its folder.</summary>
    public const string FileName = "model.json";

    private const long MaxJson = 64 << 20;

    /// <summary>Reads the description; weights are read when a tensor is.</summary>
    /// <exception cref="InvalidDataException">It is no layers model, or the shards are not what it says.</exception>
    public static KerasModel Read(string path)
    {
        if (new FileInfo(path).Length > MaxJson)
            throw new InvalidDataException("the JSON is larger than that of any network");

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(document.RootElement.Clone(), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"it is no layers model of TensorFlow.js: {error.Message}", error);
        }
    }

    private static KerasModel Read(JsonElement root, string folder)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weightsManifest", out var groups))
            throw new InvalidDataException("it is JSON, but no model of TensorFlow.js: it has no weightsManifest");
        if (!root.TryGetProperty("modelTopology", out var topology) || topology.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("it has no modelTopology, without which its weights are in no order");
        if (topology.TryGetProperty("node", out _))
            throw new InvalidDataException(
                "it is a graph model of TensorFlow.js; layers models are read (tensorflowjs_converter --output_format tfjs_layers_model)"
            );

        var tensors = groups.EnumerateArray().SelectMany(group => WeightGroup.Read(group, folder));
        return KerasModel.Of(
            tensors
                .Select(tensor => (Name: KerasModel.Split(tensor.Name), Tensor: tensor))
                .Select(one => (one.Name.Layer, one.Name.Part, one.Tensor)),
            KerasDescription.Layers(topology)
        );
    }
}
