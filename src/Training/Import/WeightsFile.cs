using System.Buffers.Binary;
using Saccade.Training.Checkpoints;
using Saccade.Training.Weights;
using Saccade.Training.Weights.Keras;
using Saccade.Training.Weights.Torch;

namespace Saccade.Training.Import;

/// <summary>
/// A file of trained weights, of any of the formats that are read; which one is told by its content. It is input from a stranger: every
/// size is bounded by the file before memory is taken, and nothing in it is executed.
/// </summary>
public sealed class WeightsFile : IDisposable
{
    /// <summary>The largest network of the family has some 600 tensors, a checkpoint with optimiser state and averages a few times
    /// that.</summary>
    private const int MaxTensors = 20_000;

    private readonly IDisposable? _file;

    private WeightsFile(string format, IReadOnlyList<StoredTensor> tensors, IDisposable? file)
    {
        Format = format;
        _file = file;
        if (tensors.Count > MaxTensors)
            throw new InvalidDataException($"it has {tensors.Count} tensors, more than any network of the family");

        var twice = tensors.CountBy(tensor => tensor.Name).FirstOrDefault(name => name.Value > 1).Key;
        if (twice is not null)
            throw new InvalidDataException($"it has two tensors named '{twice}'");
        Tensors = tensors;
    }

    /// <summary>The file that was opened: of a folder, the one in it.</summary>
    public required string Path { get; init; }

    /// <summary>The format, in words.</summary>
    public string Format { get; }

    /// <summary>Of a torch checkpoint the dictionary that was taken, and what others there are; null where there is no choice.</summary>
    public string? State { get; private init; }

    /// <summary>Its layers, if Keras made it, whose tensors go by other names and orders; null otherwise.</summary>
    internal KerasModel? Keras { get; private init; }

    /// <summary>Its tensors, in the file's order, under unique names.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Finds out what a file is and lists its tensors; their values are read later, while this is open.</summary>
    /// <param name="path">The file, or the folder of a TensorFlow.js model.</param>
    /// <param name="state">Which dictionary of a torch checkpoint to take; null takes the likeliest.</param>
    /// <exception cref="InvalidDataException">It is broken, of no format that is read, or would have to be executed; the message is one
    /// line.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static WeightsFile Open(string path, string? state = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            path = System.IO.Path.Combine(path, LayersModel.FileName);
        if (!File.Exists(path))
            throw new InvalidDataException($"there is no weights file '{path}'");

        try
        {
            return OpenKnown(path, state);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or OverflowException or NotSupportedException)
        {
            throw new InvalidDataException($"'{path}' cannot be read: {error.Message.TrimEnd('.')}.", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static WeightsFile OpenKnown(string path, string? state)
    {
        var file = File.OpenRead(path);
        try
        {
            Span<byte> start = stackalloc byte[16];
            var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            file.Position = 0;
            switch (start[..length])
            {
                case [(byte)'P', (byte)'K', 3, 4, ..] when KerasArchive.IsOne(file):
                    var (archived, inside) = KerasArchive.Read(file);
                    file.Dispose();
                    return Of("Keras archive", archived, inside, path);
                case [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n', ..]:
                    return OpenHdf5(file, path);
                case [(byte)'P', (byte)'K', 3, 4, ..]:
                    return OfTorch("torch zip archive", ZipArchiveFile.Read(file), file, path, state);
                case [0x80, <= 5, ..]:
                    return OfTorch("torch legacy file", LegacyFile.Read(file), file, path, state);
                case [_, _, _, _, _, _, _, _, (byte)'{', ..] when BinaryPrimitives.ReadInt64LittleEndian(start) < file.Length:
                    file.Dispose();
                    return OpenSafetensors(path);
                case [(byte)'{' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or 0xef, ..]:
                    file.Dispose();
                    return Of("TensorFlow.js layers model", LayersModel.Read(path), file: null, path);
                default:
                    throw new InvalidDataException(Unknown(start[..length]));
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static WeightsFile OfTorch(string format, object? saved, FileStream file, string path, string? state)
    {
        var (tensors, found) = StateDictionary.Tensors(saved, state);
        return new WeightsFile(format, tensors, file) { Path = path, State = found };
    }

    private static WeightsFile Of(string format, KerasModel model, Hdf5File? file, string path)
    {
        try
        {
            return new WeightsFile(format, [.. model.Tensors], file) { Path = path, Keras = model };
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    private static WeightsFile OpenHdf5(FileStream file, string path)
    {
        var hdf5 = new Hdf5File(file);
        try
        {
            var model = Hdf5Weights.Read(hdf5, description: null);
            return Of(model.IsDescribed ? "Keras model in HDF5" : "Keras weights in HDF5", model, hdf5, path);
        }
        catch
        {
            hdf5.Dispose();
            throw;
        }
    }

    private static WeightsFile OpenSafetensors(string path)
    {
        var reader = SafetensorsReader.Open(path);
        try
        {
            var tensors = reader.Entries.Select(entry => new StoredTensor(
                entry.Name,
                $"{entry.Type}",
                entry.Shape,
                () => Read(reader, entry)
            ));
            return new WeightsFile("safetensors", [.. tensors], reader) { Path = path };
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private static float[] Read(SafetensorsReader reader, SafetensorsEntry entry) =>
        Elements.ToFloats(
            entry.Type switch
            {
                SafetensorsType.F32 => ElementType.Float32,
                SafetensorsType.F64 => ElementType.Float64,
                SafetensorsType.F16 => ElementType.Float16,
                SafetensorsType.BF16 => ElementType.BFloat16,
                _ => throw new InvalidDataException($"tensor '{entry.Name}' is of type {entry.Type}, not of floats"),
            },
            reader.Read(entry)
        );

    private static string Unknown(ReadOnlySpan<byte> start)
    {
        var what = start switch
        {
            [] => "it is empty",
            [0x1f, 0x8b, ..] => "it is gzipped; unpack it first",
            _ => "it is of no known format",
        };
        return $"{what} (read are torch's .pth and .pt, .safetensors, Keras's .h5 and .keras, and model.json of a TensorFlow.js layers "
            + "model)";
    }
}
