using System.Text.Json;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>
/// A Keras model in our own layers, so that it can be compared with a preset. A node is called after its Keras layer; a part of one that
/// Keras does in the same layer (a depthwise convolution, an activation) has a suffix.
/// </summary>
internal sealed class KerasNetwork
{
    /// <summary>Suffix of a separable convolution's first half.</summary>
    public const string Depthwise = "/depthwise";

    /// <summary>Suffix of an activation inside a layer.</summary>
    private const string Activation = "/activation";

    private readonly NetworkBuilder _net;
    private readonly Dictionary<KerasLayer, Node> _nodes = [];
    private readonly HashSet<string> _ends = [];

    private KerasNetwork(int pixels)
    {
        _net = new NetworkBuilder("the Keras model", pixels);
    }

    /// <summary>Where a scale and an offset inside the model, right behind its input, are kept.</summary>
    private KerasLayer? Rescaling { get; set; }

    /// <summary>Converts.</summary>
    /// <param name="output">The layer that answers.</param>
    /// <param name="input">Rows and columns of the input, where the model leaves them open.</param>
    /// <returns>The network, up to the last layer before a softmax, and what the model does to pixels before anything else.</returns>
    /// <exception cref="InvalidDataException">The model has a layer that no network here has; the message names it.</exception>
    /// <exception cref="NetworkException">Shapes do not suit.</exception>
    public static (Network Network, KerasLayer? Rescaling) Build(KerasLayer output, int? input)
    {
        var order = InOrder(output);
        var inputs = order.Where(layer => layer.Inputs.Count == 0).ToList();
        if (inputs is not [{ Kind: "InputLayer" } only])
            throw new InvalidDataException($"the model has {inputs.Count} inputs, or something else at its start; a classifier has one");

        var model = new KerasNetwork(Pixels(only, input));
        foreach (var layer in order)
        {
            try
            {
                model._nodes[layer] = model.Add(layer);
            }
            catch (NetworkException error)
            {
                throw new InvalidDataException($"layer '{layer.Name}' ({layer.Kind}): {error.Message}", error);
            }
        }

        return (model._net.Build(WeightInit.He, model._nodes[output]), model.Rescaling);
    }

    private Node Add(KerasLayer layer)
    {
        if (layer.Inputs.Count == 0)
            return _net.Input;

        var x = _nodes[layer.Inputs[0]];
        if (layer.Inputs.FirstOrDefault(input => _ends.Contains(input.Name)) is { } end)
            throw new InvalidDataException($"layer '{end.Name}' is a softmax in the middle of the model");

        switch (layer.Kind)
        {
            case "Dropout" or "SpatialDropout2D" or "AlphaDropout" or "GaussianDropout" or "GaussianNoise" or "ActivityRegularization":
                return x;
            case "Rescaling" when x == _net.Input && Rescaling is null:
                Rescaling = layer;
                return x;
            case "Activation":
                return Activate(x, layer, layer.Name);
            case "Softmax":
                _ends.Add(layer.Name);
                return x;
            case "ReLU" when !layer.Has("max_value", out _) && layer.Double("negative_slope", 0) == 0 && layer.Double("threshold", 0) == 0:
                return _net.Append(layer.Name, new Relu(), x);
            case "SeparableConv2D":
                x = _net.Append($"{layer.Name}{Depthwise}", KerasLayers.Depthwise(layer, x.Output), x);
                x = _net.Append(layer.Name, KerasLayers.Pointwise(layer), x);
                break;
            case "Flatten" when x.Output.IsVector:
                return x;
            default:
                x = _net.Append(layer.Name, KerasLayers.Convert(layer, x.Output), [.. layer.Inputs.Select(input => _nodes[input])]);
                break;
        }

        return Activate(x, layer, $"{layer.Name}{Activation}");
    }

    private Node Activate(Node x, KerasLayer layer, string name)
    {
        switch (layer.Text("activation", "linear"))
        {
            case "linear":
                return x;
            case "relu":
                return _net.Append(name, new Relu(), x);
            case "softmax":
                _ends.Add(layer.Name);
                return x;
            case var other:
                throw new InvalidDataException($"layer '{layer.Name}' ({layer.Kind}) has the activation '{other}'; relu, and softmax at the end, are known");
        }
    }

    private static int Pixels(KerasLayer input, int? asked)
    {
        if (!input.Has("batch_input_shape", out var shape) && !input.Has("batch_shape", out shape) && !input.Has("batchInputShape", out shape))
            return asked ?? throw new InvalidDataException("the model does not say how large its input is; say it with --input");
        long?[] sizes = [.. shape.EnumerateArray().Select(size => size.ValueKind == JsonValueKind.Number ? size.GetInt64() : (long?)null)];
        if (sizes is not [_, var rows, var columns, 3] || rows != columns)
            throw new InvalidDataException($"the model's input {shape.GetRawText()} is not [null, side, side, 3]");
        if (asked is not null && rows is not null && asked != rows)
            throw new InvalidDataException($"the model's input is {rows} × {rows}, not {asked} × {asked}");

        return (int?)rows ?? asked ?? throw new InvalidDataException("the model takes pictures of any size; say which with --input");
    }

    /// <summary>All layers, each after those that it reads; without recursion, as the depth is up to a stranger.</summary>
    private static List<KerasLayer> InOrder(KerasLayer output)
    {
        var order = new List<KerasLayer>();
        var seen = new HashSet<KerasLayer>();
        var open = new Stack<(KerasLayer Layer, bool Done)>([(output, false)]);
        while (open.TryPop(out var next))
        {
            if (next.Done)
                order.Add(next.Layer);
            else if (seen.Add(next.Layer))
            {
                open.Push((next.Layer, true));
                foreach (var input in next.Layer.Inputs.Reverse())
                    open.Push((input, false));
            }
        }

        return order;
    }
}
