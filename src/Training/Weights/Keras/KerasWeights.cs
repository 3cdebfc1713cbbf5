using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>A model's tensors by layer, turned into our order of axes.</summary>
internal sealed class KerasWeights
{
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = [];

    /// <summary>Sorts tensors by the last two parts of their names: layer and part.</summary>
    /// <exception cref="InvalidDataException">Two tensors have the same two.</exception>
    public KerasWeights(IEnumerable<StoredTensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (!_tensors.TryAdd(Key(tensor.Name), tensor))
                throw new InvalidDataException($"tensors '{tensor.Name}' and '{_tensors[Key(tensor.Name)].Name}' belong to layers of one name");
        }
    }

    /// <summary>Tensors that nothing asked for.</summary>
    public IEnumerable<StoredTensor> Unused => _tensors.Where(tensor => !_used.Contains(tensor.Key)).Select(tensor => tensor.Value);

    /// <summary>Reads what a node of the network wants from the layer that it was paired with.</summary>
    /// <param name="node">Ours, in Keras's variant.</param>
    /// <param name="layer">Keras's name, with <see cref="KerasNetwork"/>'s suffix where there is one.</param>
    /// <param name="flattened">For a linear layer behind a flattened grid, that grid: Keras has its channels last, we first.</param>
    /// <param name="misfit">Told what does not fit.</param>
    public IEnumerable<(string Name, float[] Values)> Read(Node node, string layer, Shape? flattened, Misfit misfit)
    {
        var separable = _tensors.ContainsKey($"{layer}/pointwise_kernel");
        return node.Layer switch
        {
            Conv when layer.EndsWith(KerasNetwork.Depthwise, StringComparison.Ordinal) =>
                [Kernel(node, $"{layer[..^KerasNetwork.Depthwise.Length]}/depthwise_kernel", depthwise: true, misfit)],
            Conv { Groups: > 1 } conv when _tensors.ContainsKey($"{layer}/depthwise_kernel") =>
                WithBias(Kernel(node, $"{layer}/depthwise_kernel", depthwise: true, misfit), node, conv.Bias, layer, misfit),
            Conv conv => WithBias(Kernel(node, $"{layer}/{(separable ? "pointwise_kernel" : "kernel")}", depthwise: false, misfit), node, conv.Bias, layer, misfit),
            Linear linear => WithBias(Matrix(node, $"{layer}/kernel", flattened, misfit), node, linear.Bias, layer, misfit),
            BatchNorm =>
            [
                Vector(node.Weights[0], $"{layer}/gamma", 1, misfit),
                Vector(node.Weights[1], $"{layer}/beta", 0, misfit),
                Vector(node.Weights[2], $"{layer}/moving_mean", null, misfit),
                Vector(node.Weights[3], $"{layer}/moving_variance", null, misfit),
            ],
            _ => [],
        };
    }

    private IEnumerable<(string Name, float[] Values)> WithBias((string, float[]) kernel, Node node, bool bias, string layer, Misfit misfit) =>
        bias ? [kernel, Vector(node.Weights[1], $"{layer}/bias", null, misfit)] : [kernel];

    /// <summary>[rows, columns, in, out] to [out, in, rows, columns]; depthwise, [rows, columns, channels, 1] to [channels, 1, rows, columns].</summary>
    private (string, float[]) Kernel(Node node, string key, bool depthwise, Misfit misfit)
    {
        var wanted = node.Weights[0];
        var (outputs, inputs, rows, columns) = ((int)wanted.Shape[0], (int)wanted.Shape[1], (int)wanted.Shape[2], (int)wanted.Shape[3]);
        long[] shape = depthwise ? [rows, columns, outputs, 1] : [rows, columns, inputs, outputs];
        if (Find(key, shape, wanted.Name, misfit) is not { } values)
            return (wanted.Name, []);

        var turned = new float[values.Length];
        for (var i = 0; i < turned.Length; i++)
        {
            var (output, input, at) = (i / (inputs * rows * columns), i / (rows * columns) % inputs, i % (rows * columns));
            turned[i] = values[(((at * inputs) + input) * outputs) + output];
        }

        return (wanted.Name, turned);
    }

    /// <summary>[in, out] to [out, in].</summary>
    private (string, float[]) Matrix(Node node, string key, Shape? flattened, Misfit misfit)
    {
        var wanted = node.Weights[0];
        var (outputs, inputs) = ((int)wanted.Shape[0], (int)wanted.Shape[1]);
        if (Find(key, [inputs, outputs], wanted.Name, misfit) is not { } values)
            return (wanted.Name, []);

        var grid = flattened is { } shape ? shape.Height * shape.Width : 1;
        var channels = inputs / grid;
        var turned = new float[values.Length];
        for (var i = 0; i < turned.Length; i++)
        {
            var (output, channel, at) = (i / inputs, i % inputs / grid, i % grid);
            turned[i] = values[(((at * channels) + channel) * outputs) + output];
        }

        return (wanted.Name, turned);
    }

    private (string, float[]) Vector(WeightSpec wanted, string key, float? otherwise, Misfit misfit)
    {
        if (otherwise is { } value && !_tensors.ContainsKey(key))
            return (wanted.Name, [.. Enumerable.Repeat(value, (int)wanted.Count)]);
        return (wanted.Name, Find(key, wanted.Shape, wanted.Name, misfit) ?? []);
    }

    private float[]? Find(string key, IEnumerable<long> shape, string wanted, Misfit misfit)
    {
        _used.Add(key);
        if (!_tensors.TryGetValue(key, out var tensor))
            misfit.Missing($"{key} (for {wanted})", shape);
        else if (!tensor.Shape.SequenceEqual(shape))
            misfit.OtherShape(tensor, shape);
        else
            return ImportedWeights.Read(tensor);
        return null;
    }

    private static string Key(string name) => name.Split('/') is [.., var layer, var part] ? $"{layer}/{part.Split(':')[0]}" : name;
}
