using System.Runtime.InteropServices;
using System.Text.Json;
using Saccade.Inference.Bundles;

namespace Saccade.Api.OpenInference;

/// <summary>The numbers of a tensor in JSON: one flat array, or arrays nested as the shape says.</summary>
internal static class JsonTensor
{
    /// <summary>Turns the numbers into bytes, row-major, little-endian.</summary>
    /// <param name="json">The array.</param>
    /// <param name="type">Of the elements.</param>
    /// <param name="shape">What the array must hold.</param>
    /// <exception cref="InvalidDataException">It holds anything else.</exception>
    public static byte[] Read(ReadOnlySpan<byte> json, InputType type, IReadOnlyList<long> shape)
    {
        // Every number takes a digit and a comma: a shape that promises more than the text can hold is not believed.
        var elements = Elements(shape);
        if (elements > json.Length / 2)
            throw Wrong(shape);
        var bytes = new byte[elements * OipDatatype.Size(type)];
        var floats = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        var counts = new long[Math.Max(1, shape.Count) + 1];
        var (depth, deepest, written) = (0, 0, 0L);
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    // An array after numbers would be half flat, half nested.
                    if (depth == Math.Max(1, shape.Count) || (deepest == 1 && written > 0))
                        throw Wrong(shape);
                    if (depth > 0)
                        counts[depth]++;
                    depth++;
                    counts[depth] = 0;
                    deepest = Math.Max(deepest, depth);
                    break;
                case JsonTokenType.EndArray:
                    if (deepest > 1 && counts[depth] != shape[depth - 1])
                        throw Wrong(shape);
                    depth--;
                    break;
                default:
                    // Once there is nesting, numbers stand at its bottom only.
                    if (written == elements || (deepest > 1 && depth != shape.Count))
                        throw Wrong(shape);
                    counts[depth]++;
                    if (type == InputType.UInt8)
                        bytes[written++] = Byte(ref reader);
                    else
                        floats[(int)written++] = Float(ref reader);
                    break;
            }
        }

        return written == elements && (deepest == 1 || deepest == shape.Count) ? bytes : throw Wrong(shape);
    }

    /// <summary>Elements of a shape; more than any body can hold if the product is beyond reason.</summary>
    public static long Elements(IReadOnlyList<long> shape)
    {
        var product = 1L;
        foreach (var side in shape)
        {
            if (side > int.MaxValue || (product *= side) > int.MaxValue)
                return long.MaxValue;
        }

        return product;
    }

    private static float Float(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value) && float.IsFinite(value)
            ? value
            : throw new InvalidDataException("'data' of FP32 holds finite numbers.");

    private static byte Byte(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetByte(out var value)
            ? value
            : throw new InvalidDataException("'data' of UINT8 holds whole numbers from 0 to 255.");

    private static InvalidDataException Wrong(IReadOnlyList<long> shape) =>
        new($"'data' does not hold a tensor of the shape [{string.Join(", ", shape)}], flat or nested.");
}
