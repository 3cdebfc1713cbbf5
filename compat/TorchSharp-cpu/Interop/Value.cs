namespace TorchSharp.Interop;

/// <summary>
/// One argument of an operator. It keeps the object that the native call will read reachable until the call is over,
/// so that no finaliser frees a tensor in use.
/// </summary>
internal readonly struct Value
{
    internal readonly ValueKind Kind;
    internal readonly long Bits;
    internal readonly object? Object;

    private Value(ValueKind kind, long bits, object? instance = null) => (Kind, Bits, Object) = (kind, bits, instance);

    internal static Value None => default;

    /// <summary>The schema's own default for the argument at this place.</summary>
    internal static Value Default => new(ValueKind.Default, 0);

    internal static Value OptionalList(torch.Tensor?[] tensors) => new(ValueKind.OptionalTensorList, 0, tensors);

    /// <summary>A list; null stands for the schema's optional none.</summary>
    internal static Value Of(long[]? items) => items is null ? None : new(ValueKind.IntList, 0, items);

    public static implicit operator Value(torch.Tensor? tensor) => tensor is null ? None : new(ValueKind.Tensor, tensor.Handle, tensor);
    public static implicit operator Value(long value) => new(ValueKind.Int, value);
    public static implicit operator Value(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Value(bool value) => new(ValueKind.Bool, value ? 1 : 0);
    public static implicit operator Value(Scalar? scalar) => scalar is null ? None : new(scalar.Kind, scalar.Bits);
    public static implicit operator Value(torch.ScalarType? dtype) => dtype is null ? None : (long)dtype.Value;
    public static implicit operator Value(torch.ScalarType dtype) => (long)dtype;
    public static implicit operator Value(long[]? items) => Of(items);
    public static implicit operator Value(torch.Tensor[] tensors) => new(ValueKind.TensorList, 0, tensors);
    public static implicit operator Value(string? text) => text is null ? None : new(ValueKind.String, 0, text);
    public static implicit operator Value(torch.Generator? generator) =>
        generator is null ? None : new(ValueKind.Generator, generator.Handle, generator);
}
