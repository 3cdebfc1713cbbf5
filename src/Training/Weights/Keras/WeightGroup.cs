using System.Buffers.Binary;
using System.Text.Json;

namespace Saccade.Training.Weights.Keras;

/// <summary>Weights that lie one behind the other, in the order in which they are listed, across some shards.</summary>
internal static class WeightGroup
{
    /// <param name="group">An element of the weights manifest.</param>
    /// <param name="folder">Where the shards are.</param>
    /// <exception cref="InvalidDataException">A shard is missing, or they have not the length that the weights need.</exception>
    public static IReadOnlyList<StoredTensor> Read(JsonElement group, string folder)
    {
        var shards = group.GetProperty("paths").EnumerateArray().Select(path => Shard(folder, path.GetString() ?? "")).ToArray();
        var there = shards.Sum(shard => shard.Length);
        var content = new Lazy<byte[]>(() => Concatenate(shards, there));
        var tensors = new List<StoredTensor>();
        var end = 0L;
        foreach (var entry in group.GetProperty("weights").EnumerateArray())
        {
            var weight = Weight.Parse(entry);
            var start = end;
            end += (long)weight.Count * weight.Size;
            tensors.Add(
                new StoredTensor(
                    weight.Name,
                    weight.Type,
                    weight.Shape,
                    () => weight.ToFloats(content.Value.AsSpan((int)start, weight.Count * weight.Size))
                )
            );
            if (end > there)
                throw new InvalidDataException($"the shards end at byte {there}, in the middle of '{weight.Name}'");
        }

        return end == there ? tensors : throw new InvalidDataException($"the shards have {there} bytes, the weights need {end}");
    }

    private static FileInfo Shard(string folder, string name)
    {
        // The file that names it came from a stranger: it may name what is beside it and nothing else.
        if (name.Length == 0 || Path.IsPathRooted(name) || name.Contains('\\') || name.Contains(':') || name.Split('/').Contains(".."))
            throw new InvalidDataException($"'{name}' is no shard beside the file");

        var file = new FileInfo(Path.Combine(folder, name));
        return file.Exists ? file : throw new InvalidDataException($"the shard '{name}' is missing");
    }

    private static byte[] Concatenate(FileInfo[] shards, long length)
    {
        if (length > Array.MaxLength)
            throw new InvalidDataException("the shards are larger than any that are read");

        var bytes = new byte[length];
        var start = 0;
        foreach (var shard in shards)
        {
            using var file = shard.OpenRead();
            file.ReadExactly(bytes.AsSpan(start, (int)shard.Length));
            start += (int)shard.Length;
        }

        return bytes;
    }

    /// <summary>One line of the manifest.</summary>
    private sealed record Weight(string Name, string Type, long[] Shape, int Count, int Size, double Scale, double Min)
    {
        public static Weight Parse(JsonElement entry)
        {
            var name = entry.GetProperty("name").GetString() ?? throw new InvalidDataException("a weight has no name");
            long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            var count = Elements.Count(name, shape);
            var type = entry.GetProperty("dtype").GetString();
            var (scale, min) = (1.0, 0.0);
            if (entry.TryGetProperty("quantization", out var quantisation) && quantisation.ValueKind == JsonValueKind.Object)
            {
                type = $"{quantisation.GetProperty("dtype").GetString()}, quantised";
                if (type.StartsWith("uint", StringComparison.Ordinal))
                    (scale, min) = (quantisation.GetProperty("scale").GetDouble(), quantisation.GetProperty("min").GetDouble());
            }

            var size = type switch
            {
                "float32" or "int32" => sizeof(float),
                "float16" or "float16, quantised" or "uint16, quantised" => sizeof(ushort),
                "uint8, quantised" or "uint8" or "bool" => sizeof(byte),
                _ => throw new InvalidDataException($"weight '{name}' is of type '{type}', which is not read"),
            };
            return new Weight(name, type, shape, count, size, scale, min);
        }

        /// <summary>Affine integers mean value × scale + minimum.</summary>
        public float[] ToFloats(ReadOnlySpan<byte> bytes)
        {
            switch (Type)
            {
                case "float32":
                    return Elements.ToFloats(ElementType.Float32, bytes);
                case "float16" or "float16, quantised":
                    return Elements.ToFloats(ElementType.Float16, bytes);
                case "uint8, quantised" or "uint16, quantised":
                    var values = new float[Count];
                    for (var i = 0; i < values.Length; i++)
                        values[i] = (float)(
                            ((Size == 1 ? bytes[i] : BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..])) * Scale) + Min
                        );
                    return values;
                default:
                    throw new InvalidDataException($"weight '{Name}' is of type {Type}, not of floats");
            }
        }
    }
}
