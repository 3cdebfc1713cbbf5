using Saccade.Inference.Bundles;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx.Schema;
using static Saccade.Training.Onnx.Graphs;
using static Saccade.Training.Onnx.Schema.TensorProto.Types;

namespace Saccade.Training.Onnx.Quantisation;

/// <summary>
/// Writes a network with 8-bit integers between its layers, in the standard's own operators: every value is quantised where it is made and
/// made a float again where it is read, and the runtime turns such a pair around a convolution into a convolution of integers. Activations
/// are unsigned, one scale each; weights signed, one scale for each output channel; biases 32-bit. There is no rectifier: a byte cannot be
/// below 0.
/// </summary>
internal sealed class QuantisedGraph
{
    private const string Suffix = ".q";

    private readonly QuantisationPlan _plan;
    private readonly IReadOnlyDictionary<string, float[]> _weights;
    private readonly IReadOnlyDictionary<Node, Scale> _scales;
    private readonly QuantisedPixels? _pixels;
    private readonly bool _features;
    private readonly GraphProto _graph;

    private QuantisedGraph(
        QuantisationPlan plan,
        IReadOnlyDictionary<string, float[]> weights,
        IReadOnlyDictionary<Node, Scale> scales,
        bool features,
        QuantisedPixels? pixels = null
    )
    {
        _plan = plan;
        _weights = weights;
        _scales = scales;
        _pixels = pixels;
        _features = features;
        _graph = new GraphProto { Name = plan.Network.Name };
    }

    /// <param name="plan">The network, and which of its values are integers.</param>
    /// <param name="weights">Its tensors by name.</param>
    /// <param name="scales">For each group's root its scale.</param>
    /// <param name="metadata">Written into the model.</param>
    /// <param name="pixels">The normalisation for an input of bytes; null for one of normalised floats.</param>
    /// <param name="features">Whether the layer before the classifier is an output too.</param>
    public static ModelProto Encode(
        QuantisationPlan plan,
        IReadOnlyDictionary<string, float[]> weights,
        IReadOnlyDictionary<Node, Scale> scales,
        IReadOnlyDictionary<string, string> metadata,
        ManifestPreprocessing? pixels,
        bool features = false
    )
    {
        var graph = new QuantisedGraph(plan, weights, scales, features);
        var network = plan.Network;
        if (pixels is not null && QuantisedPixels.For(plan, weights, pixels) is { } folded && !plan.Floats.Contains(folded.First))
            graph = graph.WithPixels(folded);
        else
            graph.WithFloats(pixels);
        OnnxWriter.AddOutputs(graph._graph, network, features);
        foreach (var node in network.Nodes.Skip(1))
            graph.Add(node);
        return OnnxWriter.Model(graph._graph, metadata);
    }

    private void WithFloats(ManifestPreprocessing? pixels)
    {
        var shape = _plan.Network.Input.Output;
        _graph.Input.Add(Value(OnnxWriter.InputName, DataType.Float, shape.Channels, shape.Height, shape.Width));
        if (_plan.IsQuantised(_plan.Network.Input))
            Quantise(_plan.Network.Input, OnnxWriter.InputName);
        if (pixels is not null)
            PixelInput.Apply(_graph, pixels);
    }

    private QuantisedGraph WithPixels(QuantisedPixels pixels)
    {
        var scales = new Dictionary<Node, Scale>(_scales) { [_plan.Root(_plan.Network.Input)] = pixels.Scale };
        var graph = new QuantisedGraph(_plan, pixels.Weights, scales, _features, pixels);
        var shape = _plan.Network.Input.Output;
        graph._graph.Input.Add(Value(OnnxWriter.InputName, DataType.Uint8, shape.Height, shape.Width, shape.Channels));
        if (pixels.Blocks is null)
            graph._graph.Node.Add(
                Operator("Transpose", "input.planes", [OnnxWriter.InputName], Name(_plan.Network.Input), Ints("perm", 0, 3, 1, 2))
            );
        else
            PixelBlocks.Gather(graph._graph, OnnxWriter.InputName, shape, Name(_plan.Network.Input));
        graph.Declare(_plan.Network.Input);
        return graph;
    }

    private void Add(Node node)
    {
        var value = _plan.Value(node);
        if (value != node && _plan.IsQuantised(value))
            return; // written with its rectifier

        if (value != node)
            Compute(node, node.Name);
        else if (!_plan.IsQuantised(node))
            Compute(node, FloatName(node));
        else if (_plan.IsClip(node))
            Clip(node);
        else if (node.Layer is Concat or MaxPool)
            Copy(node);
        else if (node.Layer is Relu)
            Rectified(node);
        else
            ComputeAndQuantise(node, node);
    }

    /// <summary>A convolution with its rectifier. Where 0 is not the smallest byte, the rectifier must be there.</summary>
    private void Rectified(Node relu)
    {
        var inner = relu.Inputs[0];
        if (_scales[_plan.Root(relu)].Zero == 0)
        {
            ComputeAndQuantise(inner, relu);
            return;
        }

        Compute(inner, inner.Name);
        _graph.Node.Add(Operator("Relu", relu.Name, [inner.Name], relu.Name));
        Quantise(relu, relu.Name);
    }

    private void ComputeAndQuantise(Node node, Node value)
    {
        Compute(node, node.Name);
        Quantise(value, node.Name);
    }

    /// <summary>A layer in floats, as the runtime sees it; its inputs are made floats first.</summary>
    private void Compute(Node node, string output)
    {
        var inputs = node.Inputs.Distinct().ToDictionary(input => input, input => Float(input, node));
        Weights(node);
        var operators = LayerEncoder.Encode(node, name => name == node ? output : inputs[name]).ToList();
        Blocks(node)?.Adapt(operators.Single());
        _graph.Node.AddRange(operators);
    }

    /// <summary>For the convolution that reads the input in blocks, how.</summary>
    private PixelBlocks? Blocks(Node node) => node == _pixels?.First ? _pixels.Blocks : null;

    private void Copy(Node node) => _graph.Node.AddRange(LayerEncoder.Encode(node, Name));

    private void Clip(Node node)
    {
        var zero = $"{node.Name}.zero";
        _graph.Initializer.Add(Tensor<byte>(zero, DataType.Uint8, [], [_scales[_plan.Root(node)].Zero]));
        _graph.Node.Add(Operator("Clip", node.Name, [Name(node.Inputs[0]), zero], Name(node)));
    }

    private void Weights(Node node)
    {
        if (node.Layer is Conv && !_plan.Floats.Contains(node))
        {
            var rows = QuantisedWeights.Of(
                _weights[node.Weights[0].Name],
                (int)node.Weights[0].Shape[0],
                Bias(node),
                _scales[_plan.Root(node.Inputs[0])].Step
            );
            var shape = node.Weights[0].Shape;
            Constant<sbyte>(
                node.Weights[0].Name,
                Blocks(node) is { Kernel: var side } ? [shape[0], rows.Kernel.Length / shape[0] / side / side, side, side] : shape,
                DataType.Int8,
                rows.Kernel,
                rows.Steps
            );
            if (node.Weights.Count > 1)
                Constant<int>(node.Weights[1].Name, node.Weights[1].Shape, DataType.Int32, rows.Bias, rows.BiasSteps);
            return;
        }

        foreach (var weight in node.Weights.Where(weight => weight.Role != WeightRole.BatchCount))
            _graph.Initializer.Add(Tensor<float>(weight.Name, DataType.Float, weight.Shape, _weights[weight.Name]));
    }

    private float[]? Bias(Node node) => node.Weights.Count > 1 ? _weights[node.Weights[1].Name] : null;

    private void Constant<T>(string name, IEnumerable<long> shape, DataType type, T[] values, float[] steps)
        where T : unmanaged
    {
        _graph.Initializer.Add(Tensor<T>($"{name}{Suffix}", type, shape, values));
        _graph.Initializer.Add(Tensor<float>($"{name}.scale", DataType.Float, [steps.Length], steps));
        // The zero is 0, which is what leaving it out means for biases; for weights it also says that they are signed.
        List<string> inputs = [$"{name}{Suffix}", $"{name}.scale"];
        if (type == DataType.Int8)
        {
            inputs.Add($"{name}.zero");
            _graph.Initializer.Add(Tensor<T>(inputs[2], type, [steps.Length], new T[steps.Length]));
        }

        _graph.Node.Add(Operator("DequantizeLinear", $"{name}.float", inputs, name, Int("axis", 0)));
    }

    /// <summary>A value as a float for one reader; the runtime looks for a conversion of its own before each operator.</summary>
    private string Float(Node value, Node reader)
    {
        if (!_plan.IsQuantised(value))
            return FloatName(value);

        var name = $"{value.Name}.for.{reader.Name}";
        _graph.Node.Add(Operator("DequantizeLinear", name, [Name(value), .. Parameters(value)], name));
        return name;
    }

    private void Quantise(Node value, string from)
    {
        Declare(value);
        _graph.Node.Add(Operator("QuantizeLinear", Name(value), [from, .. Parameters(value)], Name(value)));
    }

    private void Declare(Node value)
    {
        var (scale, root) = (_scales[_plan.Root(value)], _plan.Root(value));
        if (_graph.Initializer.Any(tensor => tensor.Name == $"{root.Name}.scale"))
            return;
        _graph.Initializer.Add(Tensor<float>($"{root.Name}.scale", DataType.Float, [], [scale.Step]));
        _graph.Initializer.Add(Tensor<byte>($"{root.Name}.point", DataType.Uint8, [], [scale.Zero]));
    }

    private string[] Parameters(Node value) => [$"{_plan.Root(value).Name}.scale", $"{_plan.Root(value).Name}.point"];

    private string FloatName(Node value) => OnnxWriter.ValueName(_plan.Network, value, _features);

    private static string Name(Node value) => $"{value.Name}{Suffix}";
}
