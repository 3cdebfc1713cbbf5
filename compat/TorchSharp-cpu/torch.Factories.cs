using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Op Zeros = new("zeros"), Ones = new("ones"), Empty = new("empty.memory_format"), Full = new("full");
    private static readonly Op Arange = new("arange.start_step"), ZerosLike = new("zeros_like"), OnesLike = new("ones_like");

    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Zeros.Call(size, dtype).requires_grad_(requires_grad);

    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([size], dtype, device, requires_grad);

    public static Tensor zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([rows, columns], dtype, device, requires_grad);

    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Ones.Call(size, dtype).requires_grad_(requires_grad);

    public static Tensor ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones([size], dtype, device, requires_grad);

    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Empty.Call(size, dtype).requires_grad_(requires_grad);

    public static Tensor empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        empty([size], dtype, device, requires_grad);

    public static Tensor empty(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        empty([rows, columns], dtype, device, requires_grad);

    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Full.Call(size, value, dtype).requires_grad_(requires_grad);

    public static Tensor full(long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        full([size], value, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Arange.Call(start, stop, step, dtype).requires_grad_(requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ZerosLike.Call(input, dtype).requires_grad_(requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        OnesLike.Call(input, dtype).requires_grad_(requires_grad);

    /// <summary>A tensor of an array's shape and element type, holding a copy of it.</summary>
    public static unsafe Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false)
    {
        var size = new long[rawArray.Rank];
        for (var i = 0; i < size.Length; i++) size[i] = rawArray.GetLongLength(i);
        fixed (byte* data = &MemoryMarshal.GetArrayDataReference(rawArray))
            return Finish(Copy(data, size, ScalarTypeOf(rawArray.GetType().GetElementType()!)), dtype, requires_grad);
    }

    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    internal static unsafe Tensor Copied<T>(
        ReadOnlySpan<T> items, ReadOnlySpan<long> size, ScalarType? dtype, bool requires_grad) where T : unmanaged
    {
        long count = 1;
        foreach (var extent in size) count *= extent;
        if (count != items.Length) throw new ArgumentException($"{items.Length} elements do not fill the shape [{string.Join(", ", size.ToArray())}].");
        fixed (T* data = items) return Finish(Copy(data, size, ScalarTypeOf(typeof(T))), dtype, requires_grad);
    }

    private static unsafe Tensor Copy(void* data, ReadOnlySpan<long> size, ScalarType type)
    {
        fixed (long* sizes = size) return new Tensor(Native.Check(Native.FromData(data, sizes, size.Length, (int)type)));
    }

    private static Tensor Finish(Tensor tensor, ScalarType? dtype, bool requires_grad)
    {
        if (dtype is { } wanted && wanted != tensor.dtype) tensor = tensor.to_type(wanted, disposeAfter: true);
        return tensor.requires_grad_(requires_grad);
    }
}
