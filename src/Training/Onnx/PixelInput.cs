using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.Training.Onnx.Schema;
using static Saccade.Training.Onnx.Schema.TensorProto.Types;

namespace Saccade.Training.Onnx;

/// <summary>
/// Gives a graph pixels as its input, unsigned bytes [N, H, W, 3] in the manifest's channel order, and normalises them inside. The
/// normalisation is not worked into the first convolution: that would be exact only where it is not padded, and would change weights
/// that this way stay what they were, to the bit.
/// </summary>
internal static class PixelInput
{
    private const string Planes = "input.planes";
    private const string Floats = "input.floats";
    private const string Scaled = "input.scaled";
    private const string Normalised = "input.normalised";
    private const string Factor = "input.factor";
    private const string Offset = "input.offset";

    /// <summary>The normalisation inside a graph, a factor and an offset for each channel; null where it has none of its own.</summary>
    internal static (float[] Factor, float[] Offset)? Find(GraphProto graph) =>
        Values(graph, Factor) is { } factor && Values(graph, Offset) is { } offset ? (factor, offset) : null;

    /// <summary>Changes a graph in place.</summary>
    internal static void Apply(GraphProto graph, ManifestPreprocessing preprocessing)
    {
        var (factor, offset) = Pixels.Normalisation(preprocessing);
        var sizes = graph.Input[0].Type.TensorType.Shape.Dim;
        graph.Input[0] = Graphs.Value(
            OnnxWriter.InputName,
            DataType.Uint8,
            (int)sizes[2].DimValue,
            (int)sizes[3].DimValue,
            (int)sizes[1].DimValue
        );
        Graphs.Redirect(graph, OnnxWriter.InputName, Normalised);

        // Bytes are a quarter of the memory to transpose.
        NodeProto[] steps =
        [
            Graphs.Operator("Transpose", $"{Planes}.transpose", [OnnxWriter.InputName], Planes, Graphs.Ints("perm", 0, 3, 1, 2)),
            Graphs.Operator("Cast", $"{Floats}.cast", [Planes], Floats, Graphs.Int("to", (int)DataType.Float)),
            Graphs.Operator("Mul", $"{Scaled}.mul", [Floats, Factor], Scaled),
            Graphs.Operator("Add", $"{Normalised}.add", [Scaled, Offset], Normalised),
        ];
        foreach (var step in steps.Reverse())
            graph.Node.Insert(0, step);
        graph.Initializer.Add(Graphs.Tensor<float>(Factor, DataType.Float, [1, factor.Length, 1, 1], factor));
        graph.Initializer.Add(Graphs.Tensor<float>(Offset, DataType.Float, [1, offset.Length, 1, 1], offset));
    }

    private static float[]? Values(GraphProto graph, string name) =>
        graph.Initializer.FirstOrDefault(tensor => tensor.Name == name) is { } found
            ? MemoryMarshal.Cast<byte, float>(found.RawData.Span).ToArray()
            : null;
}
