using System.Collections;
using TorchSharp.Interop;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor, in row-major order whatever its strides.</summary>
public sealed class TensorAccessor<T> : IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor _tensor;

    internal TensorAccessor(torch.Tensor tensor) => _tensor = tensor;

    public long Count => _tensor.numel();

    public unsafe T this[params long[] indices]
    {
        get => *Address(indices);
        set => *Address(indices) = value;
    }

    public T[] ToArray()
    {
        var result = GC.AllocateUninitializedArray<T>(checked((int)Count));
        CopyTo(result.AsSpan());
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies elements from <paramref name="tensorIndex"/> on, as many as there are or as fit.</summary>
    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (Count == 0) return;
        using var contiguous = _tensor.contiguous();
        contiguous.DetachFromDisposeScope();
        var target = array[arrayIndex..];
        var count = (int)Math.Min(target.Length, Count - tensorIndex);
        new ReadOnlySpan<T>((T*)Native.Check(Native.Data(contiguous.Handle)) + tensorIndex, count).CopyTo(target);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private unsafe T* Address(long[] indices)
    {
        var shape = _tensor.shape;
        var strides = _tensor.stride();
        var data = (T*)Native.Check(Native.Data(_tensor.Handle));
        if (indices.Length == 1) indices = Unravel(indices[0], shape);
        if (indices.Length != shape.Length) throw new ArgumentException("As many indices are needed as there are dimensions.");
        for (var i = 0; i < shape.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= shape[i]) throw new IndexOutOfRangeException($"{indices[i]} >= {shape[i]} in dimension {i}.");
            data += indices[i] * strides[i];
        }

        return data;
    }

    private static long[] Unravel(long index, long[] shape)
    {
        var result = new long[shape.Length];
        for (var i = shape.Length - 1; i >= 0; i--) (index, result[i]) = Math.DivRem(index, shape[i]);
        return index == 0 ? result : throw new IndexOutOfRangeException();
    }
}
