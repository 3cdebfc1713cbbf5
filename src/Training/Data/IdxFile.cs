using System.Buffers.Binary;

namespace Saccade.Training.Data;

/// <summary>The IDX format of MNIST: magic 00 00 08 rank, big-endian dimensions, then bytes.</summary>
public sealed class IdxFile
{
    private const int UnsignedByte = 0x08;
    private const int MaxRank = 4;

    /// <summary>Unsigned bytes in a shape.</summary>
    /// <param name="shape">Dimensions, outermost first.</param>
    /// <param name="data">As many bytes as the dimensions' product.</param>
    public IdxFile(IReadOnlyList<int> shape, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(data);
        if (shape.Aggregate(1L, (product, dimension) => product * dimension) != data.LongLength)
            throw new ArgumentException($"[{string.Join(',', shape)}] does not hold {data.LongLength} bytes.", nameof(data));
        Shape = shape;
        Data = data;
    }

    /// <summary>Dimensions, outermost first.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Elements, row-major.</summary>
    public byte[] Data { get; }

    /// <summary>Reads a file of bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rank">The number of dimensions expected: 1 for labels, 3 for grey images, 4 for coloured ones.</param>
    /// <exception cref="InvalidDataException">Not such a file; the message names it and says why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxFile Read(string path, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, MaxRank);
        using var stream = File.OpenRead(path);
        Span<byte> header = stackalloc byte[4 + (4 * MaxRank)];
        header = header[..(4 + (4 * rank))];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw new InvalidDataException($"'{path}' is too short for an IDX file.");
        if (header[0] != 0 || header[1] != 0 || header[2] != UnsignedByte || header[3] != rank)
            throw new InvalidDataException($"'{path}' is not an IDX file of bytes with {rank} dimensions.");

        var shape = new int[rank];
        var expected = 1L;
        for (var i = 0; i < rank; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + (4 * i))..]);
            if (shape[i] < 1 || (expected *= shape[i]) > Array.MaxLength)
                throw new InvalidDataException($"'{path}' states impossible dimensions.");
        }

        if (stream.Length - header.Length != expected)
            throw new InvalidDataException(
                $"'{path}' has {stream.Length - header.Length} bytes of data where [{string.Join(',', shape)}] needs {expected}."
            );

        var data = new byte[expected];
        stream.ReadExactly(data);
        return new IdxFile(shape, data);
    }

    /// <summary>Writes header and elements, big-endian as MNIST has them.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, (UnsignedByte << 8) | Shape.Count);
        stream.Write(number);
        foreach (var dimension in Shape)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, dimension);
            stream.Write(number);
        }

        stream.Write(Data);
    }
}
