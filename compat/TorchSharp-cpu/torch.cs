using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>The entry point of the library, named as in Python.</summary>
public static partial class torch
{
    private static readonly Op Cat = new("cat"), Stack = new("stack"), WhereOp = new("where.self");

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Cat.Call(tensors.ToArray(), dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Stack.Call(tensors.ToArray(), dim);

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => WhereOp.Call(condition, x, y);

    public static int get_num_threads() => Native.GetNumThreads();

    public static void set_num_threads(int num) => Native.Check(Native.SetNumThreads(num));
}
