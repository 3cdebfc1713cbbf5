using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Saccade.Inference.Aggregation;
using Saccade.Inference.Tensors;

namespace Saccade.Api.OpenInference;

/// <summary>Writes the answer to a request to infer: JSON, and behind it the bytes of what was asked for in binary.</summary>
internal static class InferResponseWriter
{
    /// <summary>Parameter of a request: whether outputs come in binary that don't say themselves.</summary>
    public const string BinaryOutput = "binary_data_output";

    private const string Binary = "binary_data";
    private const string Classification = "classification";

    /// <summary>The body.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="answer">What the network said.</param>
    /// <param name="jsonLength">Bytes of JSON in it; null if it is all JSON.</param>
    /// <exception cref="InvalidDataException">It was asked for in a way that cannot be written; the message says why.</exception>
    public static ReadOnlyMemory<byte> Write(InferRequest request, TensorAnswer answer, out int? jsonLength)
    {
        var parameters = Wanted(request, answer.Layout.OutputName);
        var binary = parameters.Flag(Binary) ?? request.Parameters.Flag(BinaryOutput) ?? false;
        var best = (int?)parameters.Integer(Classification, 1, int.MaxValue);
        var labels = best is null ? null : Labels(answer, Math.Min(best.Value, answer.Layout.Classes));
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body)) Describe(json, request, answer, labels, binary);
        jsonLength = binary ? body.WrittenCount : null;
        if (binary) Append(body, answer, labels);
        return body.WrittenMemory;
    }

    /// <summary>What is wanted of the only output there is.</summary>
    private static InferParameters Wanted(InferRequest request, string output)
    {
        if (request.Outputs.FirstOrDefault(wanted => wanted.Name != output) is { } other)
            throw new InvalidDataException($"There is no output '{other.Name}'; the model's is '{output}'.");
        return request.Outputs.Count switch
        {
            0 => InferParameters.None,
            1 => request.Outputs[0].Parameters,
            _ => throw new InvalidDataException($"Output '{output}' is asked for {request.Outputs.Count} times."),
        };
    }

    private static void Describe(Utf8JsonWriter json, InferRequest request, TensorAnswer answer, string[]? labels, bool binary)
    {
        json.WriteStartObject();
        if (request.Id is { } id) json.WriteString("id", id);
        json.WriteString("model_name", answer.Model);
        json.WriteString("model_version", answer.Version);
        json.WriteStartArray("outputs");
        json.WriteStartObject();
        json.WriteString("name", answer.Layout.OutputName);
        json.WriteString("datatype", labels is null ? OipDatatype.Float32 : OipDatatype.Bytes);
        json.WriteStartArray("shape");
        json.WriteNumberValue(answer.Rows);
        foreach (var side in labels is null ? answer.Layout.OutputShape : [labels.Length / answer.Rows]) json.WriteNumberValue(side);
        json.WriteEndArray();
        if (binary) Size(json, answer, labels);
        else Data(json, answer, labels);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Size(Utf8JsonWriter json, TensorAnswer answer, string[]? labels)
    {
        json.WriteStartObject("parameters");
        json.WriteNumber(InferRequestReader.BinarySize, labels?.Sum(label => sizeof(int) + Encoding.UTF8.GetByteCount(label)) ?? answer.Output.Length * sizeof(float));
        json.WriteEndObject();
    }

    private static void Data(Utf8JsonWriter json, TensorAnswer answer, string[]? labels)
    {
        json.WriteStartArray("data");
        foreach (var label in labels ?? []) json.WriteStringValue(label);
        if (labels is null)
        {
            foreach (var number in answer.Output.Span)
            {
                if (!float.IsFinite(number))
                    throw new InvalidDataException($"Output '{answer.Layout.OutputName}' holds numbers that JSON has no word for; ask for it with {Binary}.");
                json.WriteNumberValue(number);
            }
        }

        json.WriteEndArray();
    }

    private static void Append(ArrayBufferWriter<byte> body, TensorAnswer answer, string[]? labels)
    {
        if (labels is null)
        {
            body.Write(MemoryMarshal.AsBytes(answer.Output.Span));
            return;
        }

        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var label in labels)
        {
            var text = Encoding.UTF8.GetBytes(label);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            body.Write(length);
            body.Write(text);
        }
    }

    /// <summary>The best classes of each row, best first, as <c>value:index:label</c>.</summary>
    private static string[] Labels(TensorAnswer answer, int best)
    {
        var labels = new List<string>(answer.Rows * best);
        var classes = answer.Layout.Classes;
        for (var row = 0; row < answer.Rows; row++)
        {
            var scores = answer.Output.Span.Slice(row * classes, classes).ToArray();
            labels.AddRange(TopScores.Select(scores, best).Select(one =>
                string.Create(CultureInfo.InvariantCulture, $"{one.Score:F6}:{one.Index}:{answer.Labels[one.Index]}")));
        }

        return [.. labels];
    }
}
