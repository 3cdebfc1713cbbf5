using TorchSharp.Interop;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor, in row-major order whatever its strides.</summary>
public sealed class TensorAccessor<T> where T : unmanaged
{
    private readonly torch.Tensor _tensor;

    internal TensorAccessor(torch.Tensor tensor) => _tensor = tensor;

    public long Count => _tensor.numel();

    public unsafe T[] ToArray()
    {
        using var contiguous = _tensor.contiguous();
        var result = GC.AllocateUninitializedArray<T>(checked((int)Count));
        if (result.Length > 0) new ReadOnlySpan<T>((void*)Native.Check(Native.Data(contiguous.Handle)), result.Length).CopyTo(result);
        return result;
    }
}
