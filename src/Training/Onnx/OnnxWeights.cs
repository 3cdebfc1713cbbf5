using System.Runtime.InteropServices;
using Google.Protobuf;
using Saccade.Training.Onnx.Schema;
using static Saccade.Training.Onnx.Schema.TensorProto.Types;

namespace Saccade.Training.Onnx;

/// <summary>The weights inside a model that <see cref="OnnxWriter"/> wrote.</summary>
internal static class OnnxWeights
{
    /// <summary>Reads the tensors of floats, of 32 bits or 16, by name.</summary>
    /// <exception cref="InvalidDataException">The file is no ONNX model, or a tensor's bytes do not fit its shape.</exception>
    public static IReadOnlyDictionary<string, float[]> Read(byte[] model)
    {
        try
        {
            return ModelProto
                .Parser.ParseFrom(model)
                .Graph.Initializer.Where(tensor => (DataType)tensor.DataType is DataType.Float or DataType.Float16)
                .ToDictionary(tensor => tensor.Name, Values, StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ArgumentException or NullReferenceException)
        {
            throw new InvalidDataException($"model.onnx cannot be read: {exception.Message}", exception);
        }
    }

    private static float[] Values(TensorProto tensor)
    {
        var bytes = tensor.RawData.Span;
        float[] values =
            (DataType)tensor.DataType == DataType.Float
                ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
                : [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(value => (float)value)];
        return values.LongLength == tensor.Dims.Aggregate(1L, (count, size) => count * size)
            ? values
            : throw new InvalidDataException($"model.onnx: tensor '{tensor.Name}' has {values.Length} values, which its shape has not");
    }
}
