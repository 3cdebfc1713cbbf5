using PureHDF;
using PureHDF.VOL.Native;

namespace Saccade.Training.Weights.Keras;

/// <summary>The part of HDF5 that Keras writes: groups, attributes of text, tensors of floats.</summary>
internal sealed class Hdf5File : IDisposable
{
    // Attributes that are longer are cut into numbered pieces by Keras.
    private const int MaxPieces = 1_000;
    private const int MaxNames = 20_000;
    private const long SmallChunk = 1 << 20;

    private readonly BoundedStream _stream;
    private readonly NativeFile _file;

    /// <param name="file">Can be sought; closed with this.</param>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public Hdf5File(Stream file)
    {
        _stream = new BoundedStream(file);
        _file = Sound(() => H5File.Open(_stream, leaveOpen: true));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _stream.Dispose();
    }

    /// <summary>Whether there is a group.</summary>
    public bool HasGroup(string path) => Sound(() => _file.LinkExists(path) && _file.Get(path) is IH5Group);

    /// <summary>Names of what is in a group, in no order.</summary>
    public IReadOnlyList<string> Children(string path) =>
        Sound(() =>
        {
            var names = new List<string>();
            foreach (var child in Group(path).Children())
            {
                names.Add(child.Name);
                if (names.Count > MaxNames)
                    throw new InvalidDataException($"group '{path}' has more than {MaxNames} members");
            }

            return names;
        });

    /// <summary>An attribute's text; null where there is none.</summary>
    public string? Text(string path, string attribute) =>
        Sound(() => Object(path) is var owner && owner.AttributeExists(attribute) ? owner.Attribute(attribute).Read<string>() : null);

    /// <summary>An attribute that lists names, whole or in pieces; null where there is none.</summary>
    public IReadOnlyList<string>? Names(string path, string attribute) =>
        Sound<IReadOnlyList<string>?>(() =>
        {
            var owner = Object(path);
            if (owner.AttributeExists(attribute))
                return Read(owner.Attribute(attribute));

            var names = new List<string>();
            var piece = 0;
            for (; piece < MaxPieces && owner.AttributeExists($"{attribute}{piece}"); piece++)
                names.AddRange(Read(owner.Attribute($"{attribute}{piece}")));
            return piece == 0 ? null : names;
        });

    /// <summary>Finds a tensor; its values are read later.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What messages call it.</param>
    public StoredTensor Tensor(string path, string name) =>
        Sound(() =>
        {
            if (!_file.LinkExists(path) || _file.Get(path) is not IH5Dataset dataset)
                throw new InvalidDataException($"tensor '{name}' is listed and not there");

            long[] shape = [.. dataset.Space.Dimensions.Select(size => checked((long)size))];
            var count = Elements.Count(name, shape);
            var type = TypeOf(dataset);
            return new StoredTensor(
                name,
                type?.ToString() ?? $"{dataset.Type.Class} of {dataset.Type.Size} bytes",
                shape,
                () => Sound(() => Values(dataset, type, name, count))
            );
        });

    private static string[] Read(IH5Attribute attribute)
    {
        // An empty list has a type of its own.
        if (attribute.Space.Dimensions is [0])
            return [];
        var names = attribute.Read<string[]>();
        return names.Length <= MaxNames
            ? names
            : throw new InvalidDataException($"attribute '{attribute.Name}' lists {names.Length} names");
    }

    private static ElementType? TypeOf(IH5Dataset dataset) =>
        (dataset.Type.Class, dataset.Type.Size) switch
        {
            (H5DataTypeClass.FloatingPoint, 4) => ElementType.Float32,
            (H5DataTypeClass.FloatingPoint, 8) => ElementType.Float64,
            (H5DataTypeClass.FloatingPoint, 2) => ElementType.Float16,
            (H5DataTypeClass.Opaque, 2) when dataset.AttributeExists("dtype") && dataset.Attribute("dtype").Read<string>() == "bfloat16" =>
                ElementType.BFloat16,
            _ => null,
        };

    private float[] Values(IH5Dataset dataset, ElementType? type, string name, int count)
    {
        if (dataset.Layout.Class == H5DataLayoutClass.VirtualStorage)
            throw new InvalidDataException($"tensor '{name}' lies in other files");
        if (
            dataset.Layout.Class == H5DataLayoutClass.Chunked
            && dataset.Layout.Chunks.Aggregate(1.0, (product, size) => product * size) > count + SmallChunk
        )
            throw new InvalidDataException($"tensor '{name}' is stored in pieces larger than itself");

        var before = _stream.Reads;
        var values = type switch
        {
            ElementType.Float32 => dataset.Read<float[]>(),
            ElementType.Float64 => Array.ConvertAll(dataset.Read<double[]>(), value => (float)value),
            ElementType.Float16 => Array.ConvertAll(dataset.Read<Half[]>(), value => (float)value),
            ElementType.BFloat16 => Elements.ToFloats(ElementType.BFloat16, dataset.Read<byte[]>()),
            _ => throw new InvalidDataException($"tensor '{name}' is not of floats"),
        };

        // HDF5 can keep data in another file, and the library would open what this one names: such values are not taken.
        // Of its own, what lies in one piece is the last that is read, at once.
        var inside =
            dataset.Layout.Class == H5DataLayoutClass.Contiguous
                ? _stream.LastRead == (long)count * dataset.Type.Size
                : _stream.Reads > before;
        if (!inside)
            throw new InvalidDataException($"tensor '{name}' has no data inside the file");
        return values.Length == count ? values : throw new InvalidDataException($"tensor '{name}' has {values.Length} values, not {count}");
    }

    private IH5Object Object(string path) => path.Length == 0 ? _file : _file.Get(path);

    private IH5Group Group(string path) => Object(path) as IH5Group ?? throw new InvalidDataException($"'{path}' is no group");

    /// <summary>What the library throws at a broken file is of every kind.</summary>
    private static T Sound<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not (InvalidDataException or OperationCanceledException))
        {
            throw new InvalidDataException($"the HDF5 file is broken: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }
}
