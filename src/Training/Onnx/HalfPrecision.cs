using System.Runtime.InteropServices;
using Saccade.Training.Onnx.Schema;
using static Saccade.Training.Onnx.Schema.TensorProto.Types;

namespace Saccade.Training.Onnx;

/// <summary>
/// Makes a graph of 32-bit floats one of 16-bit floats inside: weights are rounded, input and outputs stay as they are. Batch normalisation
/// must be folded before: its variances would lose more than the weights do.
/// </summary>
internal static class HalfPrecision
{
    private const string Narrow = "input.fp16";

    /// <summary>Converts a graph in place.</summary>
    /// <exception cref="InvalidDataException">A weight is beyond what 16 bits hold; the message names its tensor.</exception>
    internal static void Apply(GraphProto graph)
    {
        foreach (var tensor in graph.Initializer)
            Round(tensor);

        Graphs.Redirect(graph, OnnxWriter.InputName, Narrow);
        graph.Node.Insert(0, Cast(OnnxWriter.InputName, Narrow, DataType.Float16));
        foreach (var output in graph.Output.Select(output => output.Name))
        {
            var half = $"{output}.fp16";
            graph.Node.Single(node => node.Output.Contains(output)).Output[0] = half;
            Graphs.Redirect(graph, output, half);
            graph.Node.Add(Cast(half, output, DataType.Float));
        }
    }

    private static void Round(TensorProto tensor)
    {
        var values = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span);
        var halves = new Half[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            halves[i] = (Half)values[i];
            if (!Half.IsFinite(halves[i]))
                throw new InvalidDataException($"{tensor.Name} holds {values[i]:g6}, which 16-bit floats cannot; export as fp32");
        }

        tensor.DataType = (int)DataType.Float16;
        tensor.RawData = Google.Protobuf.ByteString.CopyFrom(MemoryMarshal.AsBytes<Half>(halves));
    }

    private static NodeProto Cast(string from, string to, DataType type) =>
        Graphs.Operator("Cast", $"{to}.cast", [from], to, Graphs.Int("to", (int)type));
}
