using System.Buffers.Binary;
using System.Text.Json;

namespace Saccade.Training.Checkpoints;

/// <summary>Writes safetensors: eight bytes of header length, the JSON header, the tensors' little-endian bytes.</summary>
public static class SafetensorsWriter
{
    /// <summary>The data section starts at a multiple of this many bytes, so that mapped tensors are aligned.</summary>
    private const int Alignment = 8;

    /// <summary>Writes tensors in the given order.</summary>
    /// <param name="stream">Written from its current position.</param>
    /// <param name="tensors">The tensors, with <c>Data</c> as long as type and shape say.</param>
    /// <param name="metadata">Free text by key.</param>
    /// <exception cref="ArgumentException">A tensor's data does not fit its shape, or a name occurs twice.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var header = Header(tensors, metadata);
        var padding = (Alignment - (header.Length % Alignment)) % Alignment;
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)(header.Length + padding));
        stream.Write(prefix);
        stream.Write(header);
        stream.Write("       "u8[..padding]);
        foreach (var tensor in tensors)
            stream.Write(tensor.Data.Span);
    }

    private static ReadOnlySpan<byte> Header(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            HashSet<string> names = new(StringComparer.Ordinal);
            var start = 0L;
            foreach (var tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                    throw new ArgumentException($"Tensor '{tensor.Name}' is given twice.", nameof(tensors));
                start = WriteEntry(json, tensor, start);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static long WriteEntry(Utf8JsonWriter json, SafetensorsTensor tensor, long start)
    {
        var expected = tensor.Shape.Aggregate((long)tensor.Type.Size(), (product, dimension) => checked(product * dimension));
        if (expected != tensor.Data.Length)
            throw new ArgumentException(
                $"Tensor '{tensor.Name}' has {tensor.Data.Length} bytes where its shape needs {expected}.",
                nameof(tensor)
            );

        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.ToString());
        json.WriteStartArray("shape");
        foreach (var dimension in tensor.Shape)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(start);
        json.WriteNumberValue(start + expected);
        json.WriteEndArray();
        json.WriteEndObject();
        return start + expected;
    }
}
