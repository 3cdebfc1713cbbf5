namespace TorchSharp.Interop;

/// <summary>
/// One argument of an operator. It keeps the object that the native call will read reachable until the call is over,
/// so that no finaliser frees a tensor in use.
/// </summary>
internal readonly struct Value
{
    private Value(ValueKind kind, long bits, object? instance = null, int length = 0) =>
        (Kind, Bits, Object, Length) = (kind, bits, instance, length);

    internal ValueKind Kind { get; }

    internal long Bits { get; }

    internal object? Object { get; }

    /// <summary>How many elements a list has; 0 for anything else.</summary>
    internal int Length { get; }

    internal bool IsList => Kind is ValueKind.IntList or ValueKind.TensorList;

    public static implicit operator Value(torch.Tensor? tensor) => tensor is null ? default : new(ValueKind.Tensor, tensor.Handle, tensor);

    public static implicit operator Value(long value) => new(ValueKind.Int, value);

    public static implicit operator Value(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Value(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    public static implicit operator Value(Scalar scalar) => new(scalar.Kind, scalar.Bits);

    public static implicit operator Value(torch.ScalarType? dtype) => dtype is { } given ? new(ValueKind.Int, (long)given) : default;

    public static implicit operator Value(long[] items) => new(ValueKind.IntList, 0, items, items.Length);

    public static implicit operator Value(torch.Tensor[] tensors) => new(ValueKind.TensorList, 0, tensors, tensors.Length);

    public static implicit operator Value(torch.Generator? generator) =>
        generator is null ? default : new(ValueKind.Generator, generator.Handle, generator);

    internal unsafe void CopyListTo(long* target)
    {
        if (Object is long[] items)
        {
            items.CopyTo(new Span<long>(target, items.Length));
        }
        else if (Object is torch.Tensor[] tensors)
        {
            for (var i = 0; i < tensors.Length; i++) target[i] = tensors[i].Handle;
        }
    }
}
