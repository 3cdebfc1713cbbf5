using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>Puts a model's own head on a preset's body: a pool over the grid (or the grid laid flat), then one dense layer or
/// several.</summary>
internal sealed class KerasHead
{
    private readonly NetworkBuilder _builder;
    private readonly string _logits;
    private readonly Dictionary<Node, KerasLayer> _layers;
    private int _hidden;
    private bool _ended;

    /// <param name="builder">Holds the body.</param>
    /// <param name="logits">What the last dense layer is called; those before it are numbered.</param>
    /// <param name="layers">Given each new node with its layer.</param>
    public KerasHead(NetworkBuilder builder, string logits, Dictionary<Node, KerasLayer> layers)
    {
        _builder = builder;
        _logits = logits;
        _layers = layers;
    }

    /// <summary>Adds the head, up to the last dense layer.</summary>
    /// <param name="grid">What the body ends in.</param>
    /// <param name="model">The model.</param>
    /// <param name="body">Its layers that belong to the body.</param>
    /// <returns>The logits.</returns>
    /// <exception cref="InvalidDataException">The head is no row of layers that are known.</exception>
    public Node Append(Node grid, KerasModel model, IReadOnlySet<KerasLayer> body)
    {
        var last = model.Layers.Last(layer => layer.Kind == "Dense");
        if (!model.IsDescribed)
            return Plain(grid, [.. model.Layers.Where(layer => layer.Kind == "Dense")]);

        var x = grid;
        foreach (var layer in model.Layers.Skip(model.Layers.ToList().FindLastIndex(body.Contains) + 1))
            x = Next(x, layer, grid, layer == last);
        return x.Layer is Linear && _layers.GetValueOrDefault(x) == last
            ? x
            : throw new InvalidDataException($"the model does not end in its last dense layer, '{last.Name}'");
    }

    /// <summary>Where nothing is described: the mean of the grid, and rectifiers between dense layers.</summary>
    private Node Plain(Node grid, IReadOnlyList<KerasLayer> dense)
    {
        var x = _builder.Append("pool", new GlobalAvgPool(), grid);
        foreach (var layer in dense)
        {
            x = Dense(x, layer, layer == dense[^1]);
            if (layer != dense[^1])
                x = _builder.Append($"{x.Name}.relu", new Relu(), x);
        }

        return x;
    }

    private Node Next(Node x, KerasLayer layer, Node grid, bool isLast)
    {
        switch (layer.Kind)
        {
            // The body's last joins and rectifiers are the preset's already.
            case "Activation" or "ReLU" or "Concatenate" when x == grid:
                return x;
            case "Dropout" or "SpatialDropout2D" or "AlphaDropout" or "GaussianDropout" or "GaussianNoise" or "ActivityRegularization":
                return x;
            case "GlobalAveragePooling2D" when x == grid:
            case "AveragePooling2D" when x == grid && layer.Pair("pool_size", (2, 2)) == (grid.Output.Height, grid.Output.Width):
                return _builder.Append("pool", new GlobalAvgPool(), x);
            case "Flatten" when x == grid:
                return _builder.Append("flatten", new Flatten(), x);
            case "Flatten" when x.Output.IsVector:
                return x;
            case "BatchNormalization" when x.Output.IsVector && !_ended:
                var norm = new BatchNorm(layer.Double("epsilon", 1e-3), Scale: layer.Flag("scale", otherwise: true));
                _layers[x = _builder.Append($"head.{layer.Name}", norm, x)] = layer;
                return x;
            case "Dense" when x.Output.IsVector && !_ended:
                return Activate(Dense(x, layer, isLast), layer.Text("activation", "linear"), layer);
            case "Activation":
                return Activate(x, layer.Text("activation", "linear"), layer);
            case "ReLU" when !layer.Has("max_value", out _) && layer.Double("negative_slope", 0) == 0 && layer.Double("threshold", 0) == 0:
                return Activate(x, "relu", layer);
            case "Softmax":
                return Activate(x, "softmax", layer);
            default:
                throw new InvalidDataException(
                    $"the head of the model has '{layer.Name}' ({layer.Kind}) behind {x.Name} {x.Output}, as no head here has"
                );
        }
    }

    private Node Dense(Node x, KerasLayer layer, bool isLast)
    {
        if (layer.Tensors.GetValueOrDefault("kernel")?.Shape is not [_, > 0 and <= int.MaxValue and var features])
            throw new InvalidDataException($"layer '{layer.Name}' (Dense) has no kernel [in, out]");
        var name = isLast ? _logits : $"{_logits}{++_hidden}";
        _layers[x = _builder.Append(name, new Linear((int)features, layer.Flag("use_bias", layer.Tensors.ContainsKey("bias"))), x)] = layer;
        return x;
    }

    private Node Activate(Node x, string activation, KerasLayer layer)
    {
        switch (activation)
        {
            case "linear":
                return x;
            case "relu" when !_ended:
                return _builder.Append($"head.{layer.Name}.relu", new Relu(), x);
            case "softmax" when x.Name == _logits && !_ended:
                _ended = true;
                return x;
            default:
                throw new InvalidDataException(
                    $"layer '{layer.Name}' ({layer.Kind}) has the activation '{activation}'; relu, and softmax at the end, are known"
                );
        }
    }
}
