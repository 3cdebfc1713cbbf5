using System.Globalization;
using System.Text.Json;
using Saccade.Api.Bodies;
using Saccade.Inference.Tensors;

namespace Saccade.Api.OpenInference;

/// <summary>From a body to a request: JSON, JSON followed by the bytes of tensors, or the bytes of one tensor alone.</summary>
internal static class InferRequestReader
{
    /// <summary>Bytes of JSON at the start of a body; the rest is tensors.</summary>
    public const string LengthHeader = "Inference-Header-Content-Length";

    public const string BinarySize = "binary_data_size";

    /// <summary>Reads a body.</summary>
    /// <param name="body">All of it.</param>
    /// <param name="headerLength">The header <see cref="LengthHeader"/>; null if there is none.</param>
    /// <param name="layout">
    /// The model's tensors, for a body that does not describe its own; null for an ensemble, whose body is then one image.
    /// </param>
    /// <exception cref="InvalidDataException">It is no request; the message says why.</exception>
    public static InferRequest Read(ReadOnlyMemory<byte> body, string? headerLength, TensorLayout? layout)
    {
        if (headerLength is null)
            return Read(body, body.Length);
        if (!int.TryParse(headerLength, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > body.Length)
            throw new InvalidDataException($"{LengthHeader} must be a whole number from 0 to the body's {body.Length} bytes.");
        if (length > 0)
            return Read(body, length);
        return layout is null ? OneImage(body) : Raw(body, layout);
    }

    private static InferRequest Read(ReadOnlyMemory<byte> body, int jsonLength)
    {
        var json = ByteOrderMark.Skip(body[..jsonLength]);
        var parsed = Parse(json.Span);
        var (inputs, rest) = (new List<InferInput>(), body[jsonLength..]);
        foreach (var input in parsed.Inputs)
            inputs.Add(Input(input, json, ref rest));
        if (!rest.IsEmpty)
            throw new InvalidDataException($"{rest.Length} bytes follow that belong to no input.");
        return new InferRequest(parsed.Id, parsed.Parameters, InferInput.Only(inputs), parsed.Outputs);
    }

    private static ParsedRequest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return new InferRequestParser(json).Parse();
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(
                $"The JSON does not parse at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.",
                error
            );
        }
        catch (InvalidOperationException error)
        {
            // What the reader throws for a string that is escaped into no valid text, such as half a surrogate pair.
            throw new InvalidDataException("A string in the JSON is no valid Unicode.", error);
        }
    }

    private static InferInput Input(ParsedInput input, ReadOnlyMemory<byte> json, ref ReadOnlyMemory<byte> rest)
    {
        var size = input.Parameters.Integer(BinarySize, 0, int.MaxValue);
        if (input.Data is not null == size is not null)
            throw new InvalidDataException($"Input '{input.Name}' must have either 'data' or the parameter '{BinarySize}'.");
        if (input.Datatype == OipDatatype.Bytes)
        {
            return input.Data is { } texts
                ? BytesElements.ReadJson(input.Name, input.Shape, json.Span[texts])
                : BytesElements.Read(input.Name, input.Shape, Take(input.Name, size!.Value, ref rest));
        }

        var type = OipDatatype.Parse(input.Name, input.Datatype);
        if (input.Data is { } extent)
            return new TensorInput(input.Name, type, input.Shape, JsonTensor.Read(json.Span[extent], type, input.Shape));

        var elements = JsonTensor.Elements(input.Shape);
        if (elements == long.MaxValue || size != elements * OipDatatype.Size(type))
            throw new InvalidDataException($"Input '{input.Name}' has {BinarySize} {size}, which is not what its shape and datatype take.");
        return new TensorInput(input.Name, type, input.Shape, Take(input.Name, size!.Value, ref rest));
    }

    private static ReadOnlyMemory<byte> Take(string input, long size, ref ReadOnlyMemory<byte> rest)
    {
        if (size > rest.Length)
            throw new InvalidDataException($"Input '{input}' has {size} bytes; {rest.Length} are left of the body.");
        var data = rest[..(int)size];
        rest = rest[(int)size..];
        return data;
    }

    private static InferRequest Raw(ReadOnlyMemory<byte> body, TensorLayout layout)
    {
        var rows = body.Length / layout.CropBytes;
        if (body.IsEmpty || body.Length % layout.CropBytes != 0)
            throw new InvalidDataException($"The body must be whole rows of {layout.CropBytes} bytes; it has {body.Length}.");
        return Raw(new TensorInput(layout.InputName, layout.InputType, [rows, .. layout.InputShape], body));
    }

    private static InferRequest OneImage(ReadOnlyMemory<byte> body) => Raw(new ImagesInput(OipImages.InputName, [body]));

    // Answered in kind.
    private static InferRequest Raw(InferInput input) =>
        new(Id: null, new(new Dictionary<string, object>(StringComparer.Ordinal) { [InferResponseWriter.BinaryOutput] = true }), input, []);
}
