using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Saccade.Training.Checkpoints;

/// <summary>A safetensors file opened for reading; tensors are read one at a time, so a large file needs little memory.</summary>
public sealed class SafetensorsReader : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly long _dataStart;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsReader(
        SafeFileHandle file,
        long dataStart,
        IReadOnlyList<SafetensorsEntry> entries,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        _file = file;
        _dataStart = dataStart;
        _byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>All tensors, in file order.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The free text that travels with the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its whole header.</summary>
    /// <exception cref="InvalidDataException">Not a valid safetensors file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsReader Open(string path)
    {
        var file = File.OpenHandle(path);
        try
        {
            var length = RandomAccess.GetLength(file);
            Span<byte> prefix = stackalloc byte[sizeof(ulong)];
            ReadFully(file, prefix, 0);
            var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (headerBytes > SafetensorsHeader.MaxHeaderBytes || (long)headerBytes > length - sizeof(ulong))
                throw new InvalidDataException($"'{path}' claims a header of {headerBytes} bytes in a file of {length}.");

            var header = new byte[headerBytes];
            ReadFully(file, header, sizeof(ulong));
            var dataStart = sizeof(ulong) + header.Length;
            var (entries, metadata) = SafetensorsHeader.Parse(header, length - dataStart);
            return new SafetensorsReader(file, dataStart, entries, metadata);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The header line of a tensor, or null if the file has none of that name.</summary>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads one tensor's little-endian bytes.</summary>
    /// <exception cref="InvalidDataException">The tensor is larger than an array can be, or the file shrank meanwhile.</exception>
    public byte[] Read(SafetensorsEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Length > Array.MaxLength)
            throw new InvalidDataException($"Tensor '{entry.Name}' has {entry.Length} bytes, more than can be read at once.");

        var bytes = new byte[entry.Length];
        ReadFully(_file, bytes, _dataStart + entry.Start);
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void ReadFully(SafeFileHandle file, Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            var read = RandomAccess.Read(file, target, offset);
            if (read == 0)
                throw new InvalidDataException("The safetensors file ends too early.");
            target = target[read..];
            offset += read;
        }
    }
}
