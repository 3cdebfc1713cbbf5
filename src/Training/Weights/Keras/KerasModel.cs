namespace Saccade.Training.Weights.Keras;

/// <summary>What a file of Keras holds, whatever its format.</summary>
/// <param name="Layers">Its layers in Keras's order (<see cref="KerasOrder"/>); without a description those alone that have
/// weights.</param>
/// <param name="IsDescribed">Whether the file has Keras's description of the model, and so every layer with its settings.</param>
internal sealed record KerasModel(IReadOnlyList<KerasLayer> Layers, bool IsDescribed)
{
    /// <summary>All tensors, as the file names them.</summary>
    public IEnumerable<StoredTensor> Tensors => Layers.SelectMany(layer => layer.Tensors.Values);

    /// <summary>Gives tensors to layers.</summary>
    /// <param name="weights">Tensors with the layers and parts that they are of, in the file's order.</param>
    /// <param name="described">The layers by the file's description; null where it has none.</param>
    /// <exception cref="InvalidDataException">A layer is not described, or has two tensors of one name.</exception>
    public static KerasModel Of(IEnumerable<(string Layer, string Part, StoredTensor Tensor)> weights, IReadOnlyList<KerasLayer>? described)
    {
        var groups = weights.GroupBy(weight => weight.Layer, StringComparer.Ordinal);
        if (described is null)
            return new KerasModel([.. groups.Select(Undescribed)], IsDescribed: false);

        var byName = described.ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        foreach (var (name, part, tensor) in groups.SelectMany(group => group))
        {
            if (!byName.TryGetValue(name, out var layer))
                throw new InvalidDataException(
                    $"the file's description has no layer '{name}', of which there is a tensor {tensor.ShapeText}"
                );
            layer.Add(part, tensor);
        }

        return new KerasModel(described, IsDescribed: true);
    }

    /// <summary>Layer and part of a weight's name such as <c>model/conv2d_3/kernel:0</c>: its last two components.</summary>
    public static (string Layer, string Part) Split(string weight) =>
        weight.Split('/') is [.., var layer, var part] ? (layer, part.Split(':')[0]) : ("", weight.Split(':')[0]);

    private static KerasLayer Undescribed(IGrouping<string, (string Layer, string Part, StoredTensor Tensor)> group)
    {
        var parts = group.Select(weight => weight.Part).ToHashSet(StringComparer.Ordinal);
        var rank = group.FirstOrDefault(weight => weight.Part == "kernel").Tensor?.Shape.Count;
        var kind =
            parts.Contains("pointwise_kernel") ? "SeparableConv2D"
            : parts.Contains("moving_mean") ? "BatchNormalization"
            : rank == 4 ? "Conv2D"
            : rank == 2 ? "Dense"
            : "layer of no known kind";
        var layer = new KerasLayer(group.Key, kind);
        foreach (var (_, part, tensor) in group)
            layer.Add(part, tensor);
        return layer;
    }
}
