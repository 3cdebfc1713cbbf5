using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>From a Keras layer's tensors to a node's, turned into our order of axes.</summary>
internal sealed class KerasTensors
{
    private readonly Misfit _misfit;
    private readonly HashSet<StoredTensor> _used = [];

    /// <param name="misfit">Told what does not fit.</param>
    public KerasTensors(Misfit misfit)
    {
        _misfit = misfit;
    }

    /// <summary>Whether some node was given a tensor.</summary>
    public bool IsUsed(StoredTensor tensor) => _used.Contains(tensor);

    /// <summary>Reads what a node wants from the layer that it was paired with; empty arrays where it does not fit.</summary>
    public IEnumerable<(string Name, float[] Values)> Read(Node node, KerasLayer layer) =>
        node.Layer switch
        {
            Conv { Groups: > 1 } => [(node.Weights[0].Name, Kernel(node.Weights[0], layer, "depthwise_kernel", depthwise: true))],
            Conv or Linear =>
            [
                (
                    node.Weights[0].Name,
                    node.Layer is Linear ? Matrix(node, layer) : Kernel(node.Weights[0], layer, KernelOf(layer), depthwise: false)
                ),
                .. node.Weights.Skip(1).Select(bias => (bias.Name, Vector(bias, layer, "bias"))),
            ],
            BatchNorm norm =>
            [
                (node.Weights[0].Name, norm.Scale ? Vector(node.Weights[0], layer, "gamma") : All(1, node.Weights[0])),
                (
                    node.Weights[1].Name,
                    layer.Flag("center", otherwise: true) ? Vector(node.Weights[1], layer, "beta") : All(0, node.Weights[1])
                ),
                (node.Weights[2].Name, Vector(node.Weights[2], layer, "moving_mean")),
                (node.Weights[3].Name, Vector(node.Weights[3], layer, "moving_variance")),
            ],
            _ => [],
        };

    private static float[] All(float value, WeightSpec wanted) => [.. Enumerable.Repeat(value, (int)wanted.Count)];

    private static string KernelOf(KerasLayer layer) => layer.Kind == "SeparableConv2D" ? "pointwise_kernel" : "kernel";

    /// <summary>[rows, columns, in, out] to [out, in, rows, columns]; depthwise, [rows, columns, channels, 1] to [channels, 1, rows,
    /// columns].</summary>
    private float[] Kernel(WeightSpec wanted, KerasLayer layer, string part, bool depthwise)
    {
        var (outputs, inputs, rows, columns) = ((int)wanted.Shape[0], (int)wanted.Shape[1], (int)wanted.Shape[2], (int)wanted.Shape[3]);
        var values = Find(layer, part, depthwise ? [rows, columns, outputs, 1] : [rows, columns, inputs, outputs], wanted.Name);
        var turned = new float[values.Length];
        for (var i = 0; i < turned.Length; i++)
        {
            var (output, input, at) = (i / (inputs * rows * columns), i / (rows * columns) % inputs, i % (rows * columns));
            turned[i] = values[(((at * inputs) + input) * outputs) + output];
        }

        return turned;
    }

    /// <summary>[in, out] to [out, in]; behind a flattened grid Keras has the channels last, we first.</summary>
    private float[] Matrix(Node node, KerasLayer layer)
    {
        var wanted = node.Weights[0];
        var (outputs, inputs) = ((int)wanted.Shape[0], (int)wanted.Shape[1]);
        var values = Find(layer, "kernel", [inputs, outputs], wanted.Name);
        var grid = node.Inputs[0] is { Layer: Flatten, Inputs: [{ Output: var flattened }] } ? flattened.Height * flattened.Width : 1;
        var channels = inputs / grid;
        var turned = new float[values.Length];
        for (var i = 0; i < turned.Length; i++)
        {
            var (output, channel, at) = (i / inputs, i % inputs / grid, i % grid);
            turned[i] = values[(((at * channels) + channel) * outputs) + output];
        }

        return turned;
    }

    private float[] Vector(WeightSpec wanted, KerasLayer layer, string part) => Find(layer, part, wanted.Shape, wanted.Name);

    private float[] Find(KerasLayer layer, string part, IReadOnlyList<long> shape, string wanted)
    {
        if (!layer.Tensors.TryGetValue(part, out var tensor))
        {
            _misfit.Missing($"{layer.Name}/{part} (for {wanted})", shape);
            return [];
        }

        _used.Add(tensor);
        if (tensor.Shape.SequenceEqual(shape))
            return ImportedWeights.Read(tensor);
        _misfit.OtherShape(tensor, shape);
        return [];
    }
}
