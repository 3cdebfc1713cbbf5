using System.Text.Json;

namespace Saccade.Training.Checkpoints;

/// <summary>
/// Reads the JSON header of a safetensors file as input from a stranger: every size is bounded by the file before anything
/// is allocated, and the tensors must tile the data section exactly (no gap, no overlap), as the format demands.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The reference implementation refuses larger headers, too.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    private const string MetadataName = "__metadata__";

    /// <summary>Parses and checks a header.</summary>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataBytes">Bytes that follow the header.</param>
    /// <exception cref="InvalidDataException">The header breaks a rule of the format; the message says which.</exception>
    public static (IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata) Parse(
        ReadOnlyMemory<byte> json,
        long dataBytes
    )
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            Dictionary<string, SafetensorsEntry> entries = new(StringComparer.Ordinal);
            Dictionary<string, string> metadata = new(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(MetadataName))
                    ReadMetadata(property.Value, metadata);
                else if (!entries.TryAdd(property.Name, ReadEntry(property, dataBytes)))
                    throw new InvalidDataException($"Tensor '{property.Name}' is listed twice.");
            }

            var ordered = entries.Values.OrderBy(entry => entry.Start).ThenBy(entry => entry.Length).ToList();
            CheckTiling(ordered, dataBytes);
            return (ordered, metadata);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"The safetensors header is malformed: {exception.Message}", exception);
        }
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata)
    {
        foreach (var pair in value.EnumerateObject())
            metadata[pair.Name] = pair.Value.GetString() ?? throw new InvalidDataException($"Metadata '{pair.Name}' is not a string.");
    }

    private static SafetensorsEntry ReadEntry(JsonProperty property, long dataBytes)
    {
        var name = property.Name;
        var typeName = property.Value.GetProperty("dtype").GetString();
        if (!Enum.TryParse<SafetensorsType>(typeName, out var type) || !string.Equals(type.ToString(), typeName, StringComparison.Ordinal))
            throw new InvalidDataException($"Tensor '{name}' has the unsupported type '{typeName}'.");

        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > dataBytes)
            throw new InvalidDataException($"Tensor '{name}' lies outside the file.");

        var length = offsets[1] - offsets[0];
        if (ByteCount(name, shape, type) != length)
            throw new InvalidDataException($"Tensor '{name}' has {length} bytes, not what {type}[{string.Join(',', shape)}] needs.");

        return new SafetensorsEntry(name, type, shape, offsets[0], length);
    }

    private static long ByteCount(string name, long[] shape, SafetensorsType type)
    {
        if (shape.Any(dimension => dimension < 0))
            throw new InvalidDataException($"Tensor '{name}' has a negative dimension.");

        try
        {
            return shape.Aggregate((long)type.Size(), (product, dimension) => checked(product * dimension));
        }
        catch (OverflowException exception)
        {
            throw new InvalidDataException($"Tensor '{name}' has dimensions whose product overflows.", exception);
        }
    }

    private static void CheckTiling(List<SafetensorsEntry> ordered, long dataBytes)
    {
        var end = 0L;
        foreach (var entry in ordered)
        {
            if (entry.Start != end)
                throw new InvalidDataException($"Tensor '{entry.Name}' starts at byte {entry.Start}; {end} was expected.");
            end += entry.Length;
        }

        if (end != dataBytes)
            throw new InvalidDataException($"The tensors cover {end} of {dataBytes} bytes.");
    }
}
