using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>An argument as native/shim.cpp reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public ValueKind Kind;
    public int Length;
    public long Bits;
}

/// <summary>Mirrors <c>enum Kind</c> of native/shim.cpp.</summary>
internal enum ValueKind
{
    None, Tensor, Int, Double, Bool, IntList, TensorList, Generator,
}
