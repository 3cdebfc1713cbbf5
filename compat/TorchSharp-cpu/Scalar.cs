using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number whose type is known only at run time, as operators take it.</summary>
public sealed class Scalar : IDisposable
{
    internal ValueKind Kind { get; }
    internal long Bits { get; }

    private Scalar(ValueKind kind, long bits) => (Kind, Bits) = (kind, bits);

    public static implicit operator Scalar(int value) => (long)value;
    public static implicit operator Scalar(long value) => new(ValueKind.Int, value);
    public static implicit operator Scalar(float value) => (double)value;
    public static implicit operator Scalar(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Nothing to free: the number is held here, not in libtorch.</summary>
    public void Dispose()
    {
    }
}
