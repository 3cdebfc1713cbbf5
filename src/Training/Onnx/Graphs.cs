using System.Runtime.InteropServices;
using Google.Protobuf;
using Saccade.Training.Onnx.Schema;
using static Saccade.Training.Onnx.Schema.AttributeProto.Types;
using static Saccade.Training.Onnx.Schema.TensorProto.Types;

namespace Saccade.Training.Onnx;

/// <summary>Parts of an ONNX graph.</summary>
internal static class Graphs
{
    internal static NodeProto Operator(
        string type,
        string name,
        IEnumerable<string> inputs,
        string output,
        params IEnumerable<AttributeProto> attributes
    )
    {
        var node = new NodeProto { OpType = type, Name = name };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        return node;
    }

    internal static TensorProto Tensor<T>(string name, DataType type, IEnumerable<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        // raw_data is little-endian, as is every machine that .NET runs on today.
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)type,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
        };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    /// <summary>An input or output, the batch its first axis.</summary>
    internal static ValueInfoProto Value(string name, DataType type, params ReadOnlySpan<int> sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        foreach (var size in sizes)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape },
            },
        };
    }

    internal static AttributeProto Int(string name, long value) =>
        new()
        {
            Name = name,
            Type = AttributeType.Int,
            I = value,
        };

    internal static AttributeProto Float(string name, double value) =>
        new()
        {
            Name = name,
            Type = AttributeType.Float,
            F = (float)value,
        };

    internal static AttributeProto Ints(string name, params IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    /// <summary>Makes every operator that reads one value read another.</summary>
    internal static void Redirect(GraphProto graph, string from, string to)
    {
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                if (node.Input[i] == from)
                    node.Input[i] = to;
            }
        }
    }
}
