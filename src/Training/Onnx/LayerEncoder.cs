using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx.Schema;
using static Saccade.Training.Onnx.Graphs;

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
        var encoded = Operator(node.Layer.Kind, node.Name, [.. node.Inputs.Select(nameOf), .. Tensors(node)], output);
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
                return [encoded, Operator("Flatten", $"{node.Name}.flatten", [encoded.Output[0]], output, Int("axis", 1))];
            case Lrn norm:
                encoded.OpType = "LRN";
                encoded.Attribute.AddRange([
                    Int("size", norm.Size),
                    Float("alpha", norm.Alpha),
                    Float("beta", norm.Beta),
                    Float("bias", norm.Bias),
                ]);
                return [encoded];
            case Concat or Flatten:
                encoded.Attribute.Add(Int("axis", 1));
                return [encoded];
            case Linear:
                encoded.OpType = "Gemm";
                encoded.Attribute.Add(Int("transB", 1));
                return [encoded];
            case Relu or Elu or Add:
                return [encoded];
            default:
                throw new NetworkException($"layer {node.Name}: no way to write a {node.Layer.Kind} as ONNX");
        }
    }

    private static IEnumerable<string> Tensors(Node node) =>
        node.Weights.Where(weight => weight.Role != WeightRole.BatchCount).Select(weight => weight.Name);

    private static void Slide(NodeProto node, Window window, (int Rows, int Columns) ends) =>
        node.Attribute.AddRange([
            Ints("kernel_shape", window.Kernel.Rows, window.Kernel.Columns),
            Ints("strides", window.Stride.Rows, window.Stride.Columns),
            Ints("pads", window.Pad.Rows, window.Pad.Columns, ends.Rows, ends.Columns),
        ]);

    private static (int Rows, int Columns) Ends(Window window) =>
        (window.Pad.Rows + window.EndPad.Rows, window.Pad.Columns + window.EndPad.Columns);

    /// <summary>
    /// Padding after the image that gives a pool the grid the network has. Rounding up is written as padding rather than with
    /// <c>ceil_mode</c>: padding never wins a maximum and is not counted in a mean, and runtimes disagree less about it.
    /// </summary>
    private static (int Rows, int Columns) Ends(Window window, Node node)
    {
        var input = node.Inputs[0].Output;
        return (
            End(node.Output.Height, window.Stride.Rows, window.Kernel.Rows, window.Pad.Rows, input.Height),
            End(node.Output.Width, window.Stride.Columns, window.Kernel.Columns, window.Pad.Columns, input.Width)
        );

        static int End(int steps, int stride, int kernel, int pad, int size) => Math.Max(pad, ((steps - 1) * stride) + kernel - pad - size);
    }

    private static Window EvenCell(Node node, AdaptiveAvgPool pool)
    {
        var input = node.Inputs[0].Output;
        if (input.Height % pool.Rows != 0 || input.Width % pool.Columns != 0)
            throw new NetworkException(
                $"layer {node.Name}: ONNX has no adaptive pool, and {input} does not divide into {pool.Rows}×{pool.Columns}"
            );

        var cell = (input.Height / pool.Rows, input.Width / pool.Columns);
        return new Window(cell, cell, (0, 0));
    }
}
