using System.Buffers;
using System.Text.Json;

namespace Saccade.Api.OpenInference;

/// <summary>Writes the answer to a request to infer: JSON, and behind it the bytes of what was asked for in binary.</summary>
internal static class InferResponseWriter
{
    /// <summary>Parameter of a request: whether outputs come in binary that don't say themselves.</summary>
    public const string BinaryOutput = "binary_data_output";

    private const string Binary = "binary_data";

    /// <summary>The body.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="answer">What the network said.</param>
    /// <param name="jsonLength">Bytes of JSON in it; null if it is all JSON.</param>
    /// <exception cref="InvalidDataException">It was asked for in a way that cannot be written; the message says why.</exception>
    public static ReadOnlyMemory<byte> Write(InferRequest request, InferAnswer answer, out int? jsonLength)
    {
        var output = AnsweredOutput.Of(request, answer);
        var binary = output.Parameters.Flag(Binary) ?? request.Parameters.Flag(BinaryOutput) ?? false;
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
            Describe(json, request, answer, output, binary);
        jsonLength = binary ? body.WrittenCount : null;
        if (binary)
            output.WriteTo(body);
        return body.WrittenMemory;
    }

    private static void Describe(Utf8JsonWriter json, InferRequest request, InferAnswer answer, AnsweredOutput output, bool binary)
    {
        json.WriteStartObject();
        if (request.Id is { } id)
            json.WriteString("id", id);
        json.WriteString("model_name", answer.Model);
        json.WriteString("model_version", answer.Version);
        json.WriteStartArray("outputs");
        json.WriteStartObject();
        json.WriteString("name", output.Name);
        json.WriteString("datatype", output.Datatype);
        json.WriteStartArray("shape");
        foreach (var side in output.Shape)
            json.WriteNumberValue(side);
        json.WriteEndArray();
        if (binary)
            Size(json, output);
        else
            Data(json, output);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Size(Utf8JsonWriter json, AnsweredOutput output)
    {
        json.WriteStartObject("parameters");
        json.WriteNumber(InferRequestReader.BinarySize, output.BinarySize);
        json.WriteEndObject();
    }

    private static void Data(Utf8JsonWriter json, AnsweredOutput output)
    {
        json.WriteStartArray("data");
        foreach (var label in output.Labels ?? [])
            json.WriteStringValue(label);
        if (output.Labels is null)
        {
            foreach (var number in output.Numbers.Span)
            {
                if (!float.IsFinite(number))
                    throw new InvalidDataException(
                        $"Output '{output.Name}' holds numbers that JSON has no word for; ask for it with {Binary}."
                    );
                json.WriteNumberValue(number);
            }
        }

        json.WriteEndArray();
    }
}
