using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx.Schema;

namespace Saccade.Training.Onnx;

/// <summary>Each layer as ONNX operators.</summary>
internal static class LayerEncoder
{
    /// <summary>Encodes a layer whose tensors carry the graph's names.</summary>
    /// <param name="node">The layer.</param>
    /// <param name="nameOf">The name of a node's output.</param>
    internal static IReadOnlyList<NodeProto> Encode(Node node, Func<Node, string> nameOf)
    {
        var output = nameOf(node);
        var encoded = Operator(node.Layer.Kind, [.. node.Inputs.Select(nameOf), .. Tensors(node)], output, node.Name);
        switch (node.Layer)
        {
            case Conv conv:
                Slide(encoded, conv.Window, Ends(conv.Window));
                encoded.Attribute.Add(Int("group", conv.Groups));
                return [encoded];
            case BatchNorm norm:
                encoded.OpType = "BatchNormalization";
                encoded.Attribute.Add(Float("epsilon", norm.Epsilon));
                return [encoded];
            case MaxPool pool:
                Slide(encoded, pool.Window, Ends(pool.Window, node));
                return [encoded];
            case AvgPool pool:
                encoded.OpType = "AveragePool";
                Slide(encoded, pool.Window, Ends(pool.Window, node));
                encoded.Attribute.Add(Int("count_include_pad", pool.CountPadding ? 1 : 0));
                if (pool.CountPadding && Ends(pool.Window, node) != Ends(pool.Window))
                    throw new NetworkException($"layer {node.Name}: ONNX cannot count padding but not what hangs over the edge");
                return [encoded];
            case AdaptiveAvgPool pool:
                encoded.OpType = "AveragePool";
                var cell = EvenCell(node, pool);
                Slide(encoded, cell, Ends(cell));
                return [encoded];
            case GlobalAvgPool:
                encoded.OpType = "GlobalAveragePool";
                encoded.Output[0] = $"{node.Name}.grid";
                var flatten = Operator("Flatten", [encoded.Output[0]], output, $"{node.Name}.flatten");
                flatten.Attribute.Add(Int("axis", 1));
                return [encoded, flatten];
            case Lrn norm:
                encoded.OpType = "LRN";
                encoded.Attribute.AddRange(
                    [Int("size", norm.Size), Float("alpha", norm.Alpha), Float("beta", norm.Beta), Float("bias", norm.Bias)]);
                return [encoded];
            case Concat or Flatten:
                encoded.Attribute.Add(Int("axis", 1));
                return [encoded];
            case Linear:
                encoded.OpType = "Gemm";
                encoded.Attribute.Add(Int("transB", 1));
                return [encoded];
            case Relu or Add:
                return [encoded];
            default:
                throw new NetworkException($"layer {node.Name}: no way to write a {node.Layer.Kind} as ONNX");
        }
    }

    private static NodeProto Operator(string type, string[] inputs, string output, string name)
    {
        var node = new NodeProto { OpType = type, Name = name };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }

    private static IEnumerable<string> Tensors(Node node) =>
        node.Weights.Where(weight => weight.Role != WeightRole.BatchCount).Select(weight => weight.Name);

    private static void Slide(NodeProto node, Window window, (int Rows, int Columns) ends) => node.Attribute.AddRange(
    [
        Ints("kernel_shape", window.Kernel.Rows, window.Kernel.Columns),
        Ints("strides", window.Stride.Rows, window.Stride.Columns),
        Ints("pads", window.Pad.Rows, window.Pad.Columns, ends.Rows, ends.Columns),
    ]);

    private static (int Rows, int Columns) Ends(Window window) => window.Pad;

    /// <summary>
    /// Padding after the picture that gives a pool the grid the network has. Rounding up is written as padding rather than with
    /// <c>ceil_mode</c>: padding never wins a maximum and is not counted in a mean, and runtimes disagree less about it.
    /// </summary>
    private static (int Rows, int Columns) Ends(Window window, Node node)
    {
        var input = node.Inputs[0].Output;
        return (
            End(node.Output.Height, window.Stride.Rows, window.Kernel.Rows, window.Pad.Rows, input.Height),
            End(node.Output.Width, window.Stride.Columns, window.Kernel.Columns, window.Pad.Columns, input.Width));

        static int End(int steps, int stride, int kernel, int pad, int size) => Math.Max(pad, ((steps - 1) * stride) + kernel - pad - size);
    }

    private static Window EvenCell(Node node, AdaptiveAvgPool pool)
    {
        var input = node.Inputs[0].Output;
        if (input.Height % pool.Rows != 0 || input.Width % pool.Columns != 0)
            throw new NetworkException($"layer {node.Name}: ONNX has no adaptive pool, and {input} does not divide into {pool.Rows}×{pool.Columns}");

        var cell = (input.Height / pool.Rows, input.Width / pool.Columns);
        return new Window(cell, cell, (0, 0));
    }

    private static AttributeProto Int(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static AttributeProto Float(string name, double value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = (float)value };

    private static AttributeProto Ints(string name, params IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }
}
