using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Op Zeros = new("zeros"), Empty = new("empty.memory_format"), ZerosLike = new("zeros_like");

    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Zeros.Call(size, dtype).requires_grad_(requires_grad);

    /// <summary>A tensor whose values are whatever its memory held.</summary>
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Empty.Call(size, dtype).requires_grad_(requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ZerosLike.Call(input, dtype).requires_grad_(requires_grad);

    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        Copied([scalar], [], null, requires_grad);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<float>(rawArray, [rawArray.Length], dtype, requires_grad);

    public static Tensor tensor(
        float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<float>(rawArray, dimensions, dtype, requires_grad);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<long>(dataArray, [dataArray.Length], dtype, requires_grad);

    public static Tensor tensor(
        long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<long>(dataArray, dimensions, dtype, requires_grad);

    private static unsafe Tensor Copied<T>(
        ReadOnlySpan<T> items, ReadOnlySpan<long> size, ScalarType? dtype, bool requires_grad) where T : unmanaged
    {
        long count = 1;
        foreach (var extent in size) count *= extent;
        if (count != items.Length)
            throw new ArgumentException($"{items.Length} elements do not fill the shape [{string.Join(", ", size.ToArray())}].");
        fixed (T* data = items)
        fixed (long* sizes = size)
        {
            var tensor = new Tensor(Native.Check(Native.FromData(data, sizes, size.Length, (int)ScalarTypeOf(typeof(T)))));
            if (dtype is not { } wanted || wanted == tensor.dtype) return tensor.requires_grad_(requires_grad);
            using (tensor) return tensor.to_type(wanted).requires_grad_(requires_grad);
        }
    }
}
