namespace Saccade.Training.Weights.Torch;

/// <summary>A view of a storage: element [i, j, …] lies at offset + i·stride₀ + j·stride₁ + …, so it may be transposed, sliced or
/// repeated.</summary>
/// <param name="Storage">Where its values are.</param>
/// <param name="Type">Their type.</param>
/// <param name="Offset">First element.</param>
/// <param name="Size">Sizes by axis.</param>
/// <param name="Stride">Elements from one to the next along each axis.</param>
internal sealed record TorchTensor(TorchStorage Storage, ElementType Type, long Offset, long[] Size, long[] Stride)
{
    private const int MaxAxes = 8;

    /// <summary>Checks that every element lies in the storage.</summary>
    /// <exception cref="InvalidDataException">One does not, or there are not as many strides as sizes.</exception>
    public static TorchTensor Create(TorchStorage storage, ElementType type, long offset, PickleTuple size, PickleTuple stride)
    {
        var (sizes, strides) = (Numbers(size), Numbers(stride));
        if (sizes.Length != strides.Length)
            throw new InvalidDataException($"the pickle has a tensor of {sizes.Length} sizes and {strides.Length} strides");

        var there = storage.Length / type.Size();
        var last = (Int128)offset;
        foreach (var (axis, step) in sizes.Zip(strides))
            last += (Int128)Math.Max(axis - 1, 0) * step;
        if (offset < 0 || (!sizes.Contains(0) && last >= there))
            throw new InvalidDataException(
                $"the pickle has a tensor {StoredTensor.Text(sizes)} that reaches beyond its storage of {there} elements"
            );
        return new TorchTensor(storage, type, offset, sizes, strides);
    }

    /// <summary>The values, row-major.</summary>
    /// <param name="name">For messages.</param>
    /// <exception cref="InvalidDataException">They are no floats.</exception>
    public float[] Read(string name)
    {
        if (!Type.IsFloat())
            throw new InvalidDataException($"tensor '{name}' is of type {Type}, not of floats");

        var values = new float[Elements.Count(name, Size)];
        if (values.Length == 0)
            return values;

        var bytes = Storage.Bytes;
        var size = Type.Size();
        if (IsContiguous)
            return Elements.ToFloats(Type, bytes.AsSpan((int)(Offset * size), values.Length * size));

        var index = new long[Size.Length];
        var at = Offset;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Elements.ToFloat(Type, bytes.AsSpan((int)(at * size)));
            for (var axis = Size.Length - 1; axis >= 0; axis--)
            {
                at += Stride[axis];
                if (++index[axis] < Size[axis])
                    break;
                at -= Stride[axis] * Size[axis];
                index[axis] = 0;
            }
        }

        return values;
    }

    private bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var axis = Size.Length - 1; axis >= 0; axis--)
            {
                if (Size[axis] != 1 && Stride[axis] != expected)
                    return false;
                expected *= Size[axis];
            }

            return true;
        }
    }

    private static long[] Numbers(PickleTuple numbers)
    {
        if (numbers.Items.Length > MaxAxes)
            throw new InvalidDataException($"the pickle has a tensor of {numbers.Items.Length} axes");
        return
        [
            .. numbers.Items.Select(item =>
                item is long number and >= 0 and <= uint.MaxValue
                    ? number
                    : throw new InvalidDataException("the pickle has a tensor with a size or stride that is none")
            ),
        ];
    }
}
