namespace Saccade.Training.Weights.Torch;

/// <summary>A run of numbers in a file; tensors are views of it, and several may share one.</summary>
internal sealed class TorchStorage
{
    private readonly string _key;
    private readonly long _count;
    private Lazy<byte[]>? _bytes;

    private TorchStorage(string key, ElementType type, long count)
    {
        (_key, Type, _count) = (key, type, count);
    }

    /// <summary>Its elements, as declared.</summary>
    public ElementType Type { get; }

    /// <summary>Bytes, as declared.</summary>
    public long Length => _count * Type.Size();

    /// <summary>Its content, read once.</summary>
    /// <exception cref="InvalidDataException">The file has none of that key.</exception>
    public byte[] Bytes => (_bytes ?? throw new InvalidDataException($"storage '{_key}' is not in the file")).Value;

    /// <summary>The first five parts of the persistent id that torch writes: "storage", type, key, device, count.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static (string Key, TorchStorage Storage) Declared(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", ElementType type, string key, string, long count, ..] })
            throw new InvalidDataException("the pickle has a persistent id that is no storage");
        if (count is < 0 or > long.MaxValue / sizeof(double))
            throw new InvalidDataException($"storage '{key}' declares {count} elements");
        return (key, new TorchStorage(key, type, count));
    }

    /// <summary>Whether two declarations agree.</summary>
    public bool IsSameAs(TorchStorage other) => Type == other.Type && _count == other._count;

    /// <summary>Says where the content comes from.</summary>
    /// <param name="length">Bytes that are there.</param>
    /// <param name="read">Reads them.</param>
    /// <exception cref="InvalidDataException">There are not as many as declared, or it was said already.</exception>
    public void Attach(long length, Func<byte[]> read)
    {
        if (length != Length)
            throw new InvalidDataException($"storage '{_key}' has {length} bytes where {Length} are declared");
        if (_bytes is not null)
            throw new InvalidDataException($"storage '{_key}' is in the file twice");
        _bytes = new Lazy<byte[]>(read);
    }

    /// <summary>A storage that is a part of this one.</summary>
    /// <param name="start">First element.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidDataException">It reaches beyond this one.</exception>
    public TorchStorage Part(long start, long count)
    {
        if (start < 0 || count < 0 || start > _count - count)
            throw new InvalidDataException($"storage '{_key}' of {_count} elements has no part of {count} from {start} on");
        var part = new TorchStorage(_key, Type, count);
        part.Attach(part.Length, () => Bytes.AsSpan((int)(start * Type.Size()), (int)part.Length).ToArray());
        return part;
    }
}
