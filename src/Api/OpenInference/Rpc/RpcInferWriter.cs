using System.Buffers;
using Google.Protobuf;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>From the network's answer to a message, whose elements come as those of the request came.</summary>
internal static class RpcInferWriter
{
    /// <summary>Writes a message.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="answer">What the network said.</param>
    /// <param name="raw">Whether elements come as bytes, or else in the list for their type.</param>
    /// <exception cref="InvalidDataException">It was asked for in a way that it cannot be had; the exception says why.</exception>
    public static ModelInferResponse Write(InferRequest request, InferAnswer answer, bool raw)
    {
        var output = AnsweredOutput.Of(request, answer);
        var tensor = new ModelInferResponse.Types.InferOutputTensor
        {
            Name = output.Name,
            Datatype = output.Datatype,
            Shape = { output.Shape },
        };
        var message = new ModelInferResponse
        {
            Id = request.Id ?? "",
            ModelName = answer.Model,
            ModelVersion = answer.Version,
            Outputs = { tensor },
        };
        if (raw)
            message.RawOutputContents.Add(Bytes(output));
        else
            tensor.Contents = Contents(output);
        return message;
    }

    private static ByteString Bytes(AnsweredOutput output)
    {
        var bytes = new ArrayBufferWriter<byte>(output.BinarySize);
        output.WriteTo(bytes);
        // Nobody else has the buffer.
        return UnsafeByteOperations.UnsafeWrap(bytes.WrittenMemory);
    }

    private static InferTensorContents Contents(AnsweredOutput output) =>
        output.Labels is { } labels
            ? new() { BytesContents = { labels.Select(ByteString.CopyFromUtf8) } }
            : new() { Fp32Contents = { output.Numbers.ToArray() } };
}
