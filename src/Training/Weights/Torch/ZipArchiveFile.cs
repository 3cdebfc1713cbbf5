using System.IO.Compression;

namespace Saccade.Training.Weights.Torch;

/// <summary>
/// What torch.save has written since 1.6: an uncompressed zip archive with <c>data.pkl</c>, one entry for each storage under <c>data/</c>,
/// and the byte order.
/// </summary>
internal static class ZipArchiveFile
{
    private const string PickleName = "data.pkl";

    /// <summary>Reads the pickle; storages are read when a tensor is.</summary>
    /// <param name="file">The file, left open.</param>
    /// <returns>What was saved.</returns>
    /// <exception cref="InvalidDataException">It is no such archive, or holds anything but tensors.</exception>
    public static object? Read(Stream file)
    {
        var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            if (entry.CompressedLength != entry.Length || entry.IsEncrypted)
                throw new InvalidDataException("the archive is compressed or encrypted; torch stores its entries as they are");
            if (!entries.TryAdd(entry.FullName, entry))
                throw new InvalidDataException("the archive has two entries of one name");
        }

        var pickles = entries.Keys.Where(name => name.EndsWith($"/{PickleName}", StringComparison.Ordinal)).ToArray();
        if (pickles.Length != 1)
            throw new InvalidDataException($"the archive has {pickles.Length} entries {PickleName} where torch writes one");

        var folder = pickles[0][..^PickleName.Length];
        if (
            entries.TryGetValue($"{folder}byteorder", out var order)
            && System.Text.Encoding.ASCII.GetString(Content(order)).Trim() is var said and not "little"
        )
            throw new InvalidDataException($"the file's byte order is '{said}'; only little-endian files are read");

        using var pickle = new MemoryStream(Content(entries[pickles[0]]));
        var storages = new Dictionary<string, TorchStorage>(StringComparer.Ordinal);
        return PickleReader.Read(pickle, id => Storage(id, storages, key => entries.GetValueOrDefault($"{folder}data/{key}")));
    }

    private static TorchStorage Storage(object? id, Dictionary<string, TorchStorage> storages, Func<string, ZipArchiveEntry?> find)
    {
        var (key, storage) = TorchStorage.Declared(id);
        if (storages.TryGetValue(key, out var known))
            return known.IsSameAs(storage) ? known : throw new InvalidDataException($"storage '{key}' is declared in two ways");

        if (find(key) is { } entry)
            storage.Attach(entry.Length, () => Content(entry));
        storages.Add(key, storage);
        return storage;
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        if (entry.Length > Array.MaxLength)
            throw new InvalidDataException("the archive has an entry larger than any that is read");

        // The archive bounds an entry by its own compressed length, and so by the file; only then is memory taken.
        using var stream = entry.Open();
        var content = new byte[entry.Length];
        stream.ReadExactly(content);
        return content;
    }
}
