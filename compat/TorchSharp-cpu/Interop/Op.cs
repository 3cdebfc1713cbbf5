using System.Runtime.CompilerServices;

namespace TorchSharp.Interop;

/// <summary>
/// An ATen operator, looked up by name once. Arguments are positional in the schema's order, keyword-only ones included;
/// those left out at the end take the schema's defaults.
/// </summary>
internal sealed class Op
{
    private const int MaxArguments = 16;
    private const int InlineWords = 64;
    private readonly nint _handle;

    /// <param name="name">The schema's name without "aten::", with its overload after a dot: "add.Tensor".</param>
    internal Op(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        _handle = Native.Check(dot < 0
            ? Native.Operator("aten::" + name, "")
            : Native.Operator("aten::" + name[..dot], name[(dot + 1)..]));
    }

    /// <summary>Calls the operator for its first result.</summary>
    internal unsafe torch.Tensor Call(params ReadOnlySpan<Value> values)
    {
        nint result;
        Native.Check(Invoke(values, &result));
        return new torch.Tensor(result);
    }

    /// <summary>Calls an in-place operator; what it returns is its own first argument.</summary>
    internal unsafe void Run(params ReadOnlySpan<Value> values) => Native.Check(Invoke(values, null));

    // Lists are copied to scratch memory on the stack, so that nothing is pinned and, but for very long lists, nothing allocated.
    [SkipLocalsInit]
    private unsafe int Invoke(ReadOnlySpan<Value> values, nint* result)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, MaxArguments);
        var native = stackalloc NativeValue[MaxArguments];
        var words = 0;
        foreach (ref readonly var value in values) words += value.Length;
        Span<long> scratch = words <= InlineWords ? stackalloc long[InlineWords] : GC.AllocateUninitializedArray<long>(words, pinned: true);
        fixed (long* start = scratch)
        {
            var free = start;
            for (var i = 0; i < values.Length; i++)
            {
                ref readonly var value = ref values[i];
                native[i] = new NativeValue { Kind = value.Kind, Length = value.Length, Bits = value.IsList ? (long)free : value.Bits };
                value.CopyListTo(free);
                free += value.Length;
            }

            var status = Native.Call(_handle, native, values.Length, result);
            foreach (ref readonly var value in values) GC.KeepAlive(value.Object);
            return status;
        }
    }
}
