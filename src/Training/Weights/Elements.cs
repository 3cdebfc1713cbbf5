using System.Buffers.Binary;

namespace Saccade.Training.Weights;

/// <summary>From a file's bytes to floats.</summary>
internal static class Elements
{
    public static int Size(this ElementType type) =>
        type switch
        {
            ElementType.Float64 or ElementType.Int64 => 8,
            ElementType.Float32 or ElementType.Int32 => 4,
            ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 => 2,
            _ => 1,
        };

    /// <summary>Whether values are floats of some width: what weights are stored as.</summary>
    public static bool IsFloat(this ElementType type) => type <= ElementType.BFloat16;

    /// <param name="type">A float type.</param>
    /// <param name="bytes">Its bytes first; more may follow.</param>
    public static float ToFloat(ElementType type, ReadOnlySpan<byte> bytes) =>
        type switch
        {
            ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ElementType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ElementType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a float type."),
        };

    /// <summary>Values that lie one behind the other.</summary>
    /// <param name="type">A float type.</param>
    /// <param name="bytes">A whole number of values.</param>
    public static float[] ToFloats(ElementType type, ReadOnlySpan<byte> bytes)
    {
        var size = type.Size();
        var values = new float[bytes.Length / size];
        for (var i = 0; i < values.Length; i++)
            values[i] = ToFloat(type, bytes[(i * size)..]);
        return values;
    }

    /// <summary>Number of values of a shape that a file claims.</summary>
    /// <exception cref="InvalidDataException">A size is negative or the product is beyond what an array can hold.</exception>
    public static int Count(string name, IReadOnlyList<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            if (size is < 0 or > int.MaxValue)
                throw new InvalidDataException($"tensor '{name}' has a size of {size}");
            count = Math.Min(count * size, (long)int.MaxValue + 1);
        }

        return count <= int.MaxValue && count * sizeof(double) <= int.MaxValue
            ? (int)count
            : throw new InvalidDataException($"tensor '{name}' {StoredTensor.Text(shape)} is larger than any that is read");
    }
}
