using System.Runtime.CompilerServices;
using System.Text;

namespace TorchSharp.Interop;

/// <summary>
/// An ATen operator, looked up by name once. Arguments are positional in the schema's order, keyword-only ones included;
/// those left out at the end take the schema's defaults.
/// </summary>
internal sealed class Op
{
    private const int MaxArguments = 16;
    private const int InlineScratch = 64;
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
        Native.Check(Invoke(values, &result, 1));
        return new torch.Tensor(result);
    }

    /// <summary>Calls the operator for its first two results.</summary>
    internal unsafe (torch.Tensor First, torch.Tensor Second) CallPair(params ReadOnlySpan<Value> values)
    {
        var results = stackalloc nint[2];
        Native.Check(Invoke(values, results, 2));
        return (new torch.Tensor(results[0]), new torch.Tensor(results[1]));
    }

    /// <summary>Calls an in-place operator; what it returns is its own first argument.</summary>
    internal unsafe void Run(params ReadOnlySpan<Value> values) => Native.Check(Invoke(values, null, 0));

    // Lists are copied to scratch memory on the stack, so nothing is pinned and, but for very long lists, nothing allocated.
    [SkipLocalsInit]
    private unsafe int Invoke(ReadOnlySpan<Value> values, nint* results, int capacity)
    {
        var native = stackalloc NativeValue[MaxArguments];
        var words = 0;
        foreach (ref readonly var value in values) words += Words(value.Object);
        Span<long> scratch = words <= InlineScratch ? stackalloc long[InlineScratch] : GC.AllocateUninitializedArray<long>(words, pinned: true);
        fixed (long* start = scratch)
        {
            var free = start;
            for (var i = 0; i < values.Length; i++)
            {
                ref readonly var value = ref values[i];
                native[i].Kind = value.Kind;
                native[i].Bits = value.Bits;
                if (Words(value.Object) == 0 && value.Object is not Array) continue;
                native[i].Bits = (long)free;
                native[i].Length = Write(value.Object!, free);
                free += Words(value.Object);
            }

            var written = Native.Call(_handle, native, values.Length, results, capacity);
            foreach (ref readonly var value in values) GC.KeepAlive(value.Object);
            return written;
        }
    }

    private static int Words(object? instance) => instance switch
    {
        long[] items => items.Length,
        torch.Tensor?[] tensors => tensors.Length,
        string text => (Encoding.UTF8.GetByteCount(text) + sizeof(long)) / sizeof(long),
        _ => 0,
    };

    private static unsafe int Write(object instance, long* target)
    {
        switch (instance)
        {
            case long[] items:
                items.CopyTo(new Span<long>(target, items.Length));
                return items.Length;
            case torch.Tensor?[] tensors:
                for (var i = 0; i < tensors.Length; i++) target[i] = tensors[i]?.Handle ?? 0;
                return tensors.Length;
            default:
                var text = (string)instance;
                return Encoding.UTF8.GetBytes(text, new Span<byte>(target, Encoding.UTF8.GetByteCount(text)));
        }
    }
}
