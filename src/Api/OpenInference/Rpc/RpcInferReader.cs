using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Saccade.Inference.Bundles;
using ParameterCase = Saccade.Api.OpenInference.Rpc.InferParameter.ParameterChoiceOneofCase;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>From a message to a request: a tensor's elements are taken where they lie, or copied together from their list.</summary>
internal static class RpcInferReader
{
    private const int MostAxes = 8;

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidDataException">It is no request; the exception says why.</exception>
    public static InferRequest Read(ModelInferRequest message)
    {
        var input = InferInput.Only(message.Inputs);
        if (input.Shape.Count > MostAxes)
            throw new InvalidDataException($"A shape has more than {MostAxes} axes.");
        return new(
            message.Id.Length == 0 ? null : message.Id,
            Parameters(message.Parameters),
            input.Datatype == OipDatatype.Bytes ? Images(message, input) : Tensor(message, input),
            [.. message.Outputs.Select(output => new InferOutput(output.Name, Parameters(output.Parameters)))]
        );
    }

    private static TensorInput Tensor(ModelInferRequest message, ModelInferRequest.Types.InferInputTensor input)
    {
        var type = OipDatatype.Parse(input.Name, input.Datatype);
        var data =
            Raw(message, input) ?? (type == InputType.UInt8 ? Bytes(input.Contents.UintContents) : Floats(input.Contents.Fp32Contents));
        return new(input.Name, type, input.Shape, data);
    }

    private static ImagesInput Images(ModelInferRequest message, ModelInferRequest.Types.InferInputTensor input) =>
        Raw(message, input) is { } raw
            ? BytesElements.Read(input.Name, input.Shape, raw)
            : BytesElements.Checked(input.Name, input.Shape, [.. input.Contents.BytesContents.Select(image => image.Memory)]);

    /// <summary>The elements as bytes; null if they are in the list for their type.</summary>
    private static ReadOnlyMemory<byte>? Raw(ModelInferRequest message, ModelInferRequest.Types.InferInputTensor input)
    {
        if (message.RawInputContents.Count > 1)
            throw new InvalidDataException($"'raw_input_contents' has {message.RawInputContents.Count} entries for one input.");
        if (message.RawInputContents.Count > 0 == input.Contents is not null)
            throw new InvalidDataException($"Input '{input.Name}' must have its elements either in 'contents' or in 'raw_input_contents'.");
        return message.RawInputContents is [var raw] ? raw.Memory : (ReadOnlyMemory<byte>?)null;
    }

    private static byte[] Floats(RepeatedField<float> numbers)
    {
        var bytes = new byte[numbers.Count * sizeof(float)];
        var floats = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        for (var i = 0; i < floats.Length; i++)
            floats[i] = numbers[i];
        return bytes;
    }

    private static byte[] Bytes(RepeatedField<uint> numbers)
    {
        var bytes = new byte[numbers.Count];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] =
                numbers[i] <= byte.MaxValue
                    ? (byte)numbers[i]
                    : throw new InvalidDataException("'uint_contents' of UINT8 holds whole numbers from 0 to 255.");
        return bytes;
    }

    private static InferParameters Parameters(MapField<string, InferParameter> parameters) =>
        new(
            parameters
                .Where(one => one.Value.ParameterChoiceCase != ParameterCase.None)
                .ToDictionary(one => one.Key, one => Value(one.Value), StringComparer.Ordinal)
        );

    private static object Value(InferParameter parameter) =>
        parameter.ParameterChoiceCase switch
        {
            ParameterCase.BoolParam => parameter.BoolParam,
            ParameterCase.Int64Param => parameter.Int64Param,
            // Beyond what a long holds it is out of every parameter's range anyway.
            ParameterCase.Uint64Param => (long)Math.Min(parameter.Uint64Param, long.MaxValue),
            ParameterCase.DoubleParam => parameter.DoubleParam,
            _ => parameter.StringParam,
        };
}
