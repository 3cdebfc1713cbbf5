using TorchSharp;
using static TorchSharp.torch;

namespace Saccade.Training.Checkpoints;

/// <summary>Torch tensors to safetensors and back, bit by bit.</summary>
public static class TensorFile
{
    /// <summary>Writes aside and renames.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Float32 and int64 tensors by name.</param>
    /// <param name="metadata">Free text by key.</param>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var entries = tensors.Select(tensor => ToEntry(tensor.Name, tensor.Value)).ToList();
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, entries, metadata));
    }

    /// <summary>Overwrites tensors with those of a file. Every one must be there, in its type and shape; others are ignored.</summary>
    /// <exception cref="InvalidDataException">The file lacks a tensor or holds another type or shape; nothing more is read
    /// then.</exception>
    public static void ReadInto(SafetensorsReader file, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var (name, value) in tensors)
        {
            var entry = file.Find(name) ?? throw new InvalidDataException($"There is no tensor '{name}' in the file.");
            if (entry.Type != TypeOf(value) || !entry.Shape.SequenceEqual(value.shape))
                throw new InvalidDataException(
                    $"Tensor '{name}' is {entry.Type}[{string.Join(',', entry.Shape)}]; {TypeOf(value)}[{string.Join(',', value.shape)}] "
                        + "was expected."
                );

            if (!value.is_contiguous())
                throw new InvalidOperationException($"Tensor '{name}' is not contiguous.");
            if (value.device_type == DeviceType.CPU)
            {
                file.Read(entry).CopyTo(value.bytes);
                continue;
            }

            using var stored = empty(value.shape, value.dtype);
            file.Read(entry).CopyTo(stored.bytes);
            value.copy_(stored);
        }
    }

    private static SafetensorsTensor ToEntry(string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        return new SafetensorsTensor(name, TypeOf(value), value.shape, value.detach().cpu().contiguous().bytes.ToArray());
    }

    private static SafetensorsType TypeOf(Tensor value) =>
        value.dtype switch
        {
            ScalarType.Float32 => SafetensorsType.F32,
            ScalarType.Int64 => SafetensorsType.I64,
            var other => throw new NotSupportedException($"{other} tensors are not stored."),
        };
}
