using System.Buffers.Binary;
using System.Text.Json;

namespace Saccade.Api.OpenInference;

/// <summary>The elements of a BYTES tensor: each is one encoded image.</summary>
internal static class BytesElements
{
    private const int LengthBytes = sizeof(uint);

    /// <summary>Reads the binary form: every element behind its length, 4 bytes little-endian.</summary>
    /// <param name="input">Name of the input.</param>
    /// <param name="shape">[N] or [N, 1].</param>
    /// <param name="data">All of it, and nothing else.</param>
    /// <exception cref="InvalidDataException">It is anything else; the message says why.</exception>
    public static ImagesInput Read(string input, IReadOnlyList<long> shape, ReadOnlyMemory<byte> data)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        while (!data.IsEmpty)
        {
            if (data.Length < LengthBytes)
                throw new InvalidDataException($"Input '{input}' ends within the length of an element.");
            var length = BinaryPrimitives.ReadUInt32LittleEndian(data.Span);
            data = data[LengthBytes..];
            if (length > data.Length)
                throw new InvalidDataException($"Input '{input}' has an element of {length} bytes; {data.Length} are left.");
            elements.Add(data[..(int)length]);
            data = data[(int)length..];
        }

        return Checked(input, shape, elements);
    }

    /// <summary>Reads the JSON form: an array of texts in base64 (RFC 4648 §4), flat or one array an image.</summary>
    /// <inheritdoc cref="Read"/>
    public static ImagesInput ReadJson(string input, IReadOnlyList<long> shape, ReadOnlySpan<byte> json)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
                continue;
            elements.Add(
                FromBase64(ref reader)
                    ?? throw new InvalidDataException(
                        $"'data' of BYTES holds images in base64; element {elements.Count} of input '{input}' is none."
                    )
            );
        }

        return Checked(input, shape, elements);
    }

    /// <summary>Takes elements that came apart already.</summary>
    /// <inheritdoc cref="Read"/>
    public static ImagesInput Checked(string input, IReadOnlyList<long> shape, IReadOnlyList<ReadOnlyMemory<byte>> elements)
    {
        if (shape is not ([_] or [_, 1]))
            throw new InvalidDataException($"Input '{input}' of BYTES has the shape [N] or [N, 1], an image a row.");
        return elements.Count > 0 && elements.Count == shape[0]
            ? new(input, elements)
            : throw new InvalidDataException(
                $"Input '{input}' has {elements.Count} images, and {shape[0]} by its shape; at least 1 is needed."
            );
    }

    private static byte[]? FromBase64(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var bytes) ? bytes : null;
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for a string that is escaped into no valid text.
            return null;
        }
    }
}
