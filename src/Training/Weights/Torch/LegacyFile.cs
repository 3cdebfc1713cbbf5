using System.Buffers.Binary;
using System.Numerics;

namespace Saccade.Training.Weights.Torch;

/// <summary>
/// What torch.save wrote before 1.6: five pickles one after another (a magic number, a version, facts about the machine, what was saved,
/// the storages' keys), then each storage as a count and its bytes.
/// </summary>
internal static class LegacyFile
{
    private const long Version = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse(
        "119547037146038801333356",
        System.Globalization.CultureInfo.InvariantCulture
    );

    /// <summary>Reads the pickles; storages are read when a tensor is.</summary>
    /// <param name="file">The file, at its start.</param>
    /// <returns>What was saved.</returns>
    /// <exception cref="InvalidDataException">It is no such file, or holds anything but tensors.</exception>
    public static object? Read(Stream file)
    {
        if (Plain(file) is not BigInteger magic || magic != Magic)
            throw new InvalidDataException("it is a pickle, but not one that torch.save wrote");
        if (Plain(file) is not Version)
            throw new InvalidDataException("it is of another version of torch's old format than the only one there was");
        if (Plain(file) is not PickleDictionary facts || facts.Named.FirstOrDefault(fact => fact.Key == "little_endian").Value is not true)
            throw new InvalidDataException("it does not say that it is little-endian; only such files are read");

        var storages = new Dictionary<string, TorchStorage>(StringComparer.Ordinal);
        var saved = PickleReader.Read(file, id => Storage(id, storages));
        if (Plain(file) is not PickleList keys)
            throw new InvalidDataException("it has no list of its storages");

        foreach (var item in keys.Items)
        {
            if (item is not string key || !storages.TryGetValue(key, out var storage))
                throw new InvalidDataException("it lists a storage that no tensor uses");
            Locate(file, storage);
        }

        return saved;
    }

    private static object? Plain(Stream file) =>
        PickleReader.Read(file, _ => throw new InvalidDataException("it has a storage where none can be"));

    private static TorchStorage Storage(object? id, Dictionary<string, TorchStorage> storages)
    {
        var (key, storage) = TorchStorage.Declared(id);
        if (!storages.TryGetValue(key, out var known))
            storages.Add(key, known = storage);
        else if (!known.IsSameAs(storage))
            throw new InvalidDataException($"storage '{key}' is declared in two ways");

        // Files of 2017 may cut one storage into parts.
        return id is PickleTuple { Items: [_, _, _, _, _, PickleTuple { Items: [string, long start, long count] }] }
            ? known.Part(start, count)
            : known;
    }

    private static void Locate(Stream file, TorchStorage storage)
    {
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        file.ReadExactly(prefix);
        var count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        var start = file.Position;
        if (count < 0 || count > (file.Length - start) / storage.Type.Size())
            throw new InvalidDataException("it ends in the middle of a storage");

        var length = count * storage.Type.Size();
        storage.Attach(
            length,
            () =>
            {
                if (length > Array.MaxLength)
                    throw new InvalidDataException("it has a storage larger than any that is read");
                var bytes = new byte[length];
                file.Position = start;
                file.ReadExactly(bytes);
                return bytes;
            }
        );
        file.Position = start + length;
    }
}
