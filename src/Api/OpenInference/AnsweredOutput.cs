using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Saccade.Inference.Aggregation;

namespace Saccade.Api.OpenInference;

/// <summary>The output as it was asked for: numbers, or the best classes of each row as texts.</summary>
/// <param name="Name">In the graph.</param>
/// <param name="Datatype">Of the elements.</param>
/// <param name="Shape">Rows first.</param>
/// <param name="Numbers">The output, row-major.</param>
/// <param name="Labels">The best classes of each row, best first, as <c>value:index:label</c>; null if the numbers are wanted.</param>
/// <param name="Parameters">How it was asked for.</param>
internal sealed record AnsweredOutput(
    string Name,
    string Datatype,
    IReadOnlyList<long> Shape,
    ReadOnlyMemory<float> Numbers,
    IReadOnlyList<string>? Labels,
    InferParameters Parameters
)
{
    private const string Classification = "classification";

    /// <summary>Bytes of the binary form.</summary>
    public int BinarySize => Labels?.Sum(label => sizeof(int) + Encoding.UTF8.GetByteCount(label)) ?? Numbers.Length * sizeof(float);

    /// <summary>Makes it.</summary>
    /// <exception cref="InvalidDataException">It was asked for in a way that it cannot be had; the message says why.</exception>
    public static AnsweredOutput Of(InferRequest request, InferAnswer answer)
    {
        var parameters = Wanted(request, answer.OutputName);
        if (parameters.Integer(Classification, 1, int.MaxValue) is not { } wanted)
            return new(answer.OutputName, OipDatatype.Float32, [answer.Rows, .. answer.RowShape], answer.Numbers, Labels: null, parameters);

        var best = (int)Math.Min(wanted, answer.Labels.Count);
        return new(answer.OutputName, OipDatatype.Bytes, [answer.Rows, best], answer.Numbers, Best(answer, best), parameters);
    }

    /// <summary>Writes the binary form: numbers little-endian, texts each behind its length.</summary>
    public void WriteTo(IBufferWriter<byte> body)
    {
        if (Labels is null)
        {
            body.Write(MemoryMarshal.AsBytes(Numbers.Span));
            return;
        }

        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var label in Labels)
        {
            var text = Encoding.UTF8.GetBytes(label);
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            body.Write(length);
            body.Write(text);
        }
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

    private static List<string> Best(InferAnswer answer, int best)
    {
        var labels = new List<string>(answer.Rows * best);
        var classes = answer.Labels.Count;
        for (var row = 0; row < answer.Rows; row++)
        {
            var scores = answer.Numbers.Span.Slice(row * classes, classes).ToArray();
            labels.AddRange(
                TopScores
                    .Select(scores, best)
                    .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Score:F6}:{one.Index}:{answer.Labels[one.Index]}"))
            );
        }

        return labels;
    }
}
