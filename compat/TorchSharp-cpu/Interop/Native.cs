using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The C functions of native/shim.cpp. Handles are owned tensors unless said otherwise.</summary>
internal static unsafe partial class Native
{
    private const string Shim = "torchsharp_shim";

    // OpenMP threads otherwise spin for so long between the short parallel regions of a small net that they take the
    // cores from the thread that feeds them. libgomp reads C's environment when it is loaded, which .NET's own
    // Environment.SetEnvironmentVariable never changes.
    static Native() => _ = SetEnvironment("GOMP_SPINCOUNT", "10000", overwrite: 0);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport(Shim, EntryPoint = "shim_error")] internal static partial nint Error();
    [LibraryImport(Shim, EntryPoint = "shim_operator", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Operator(string name, string overload);
    [LibraryImport(Shim, EntryPoint = "shim_call")]
    internal static partial int Call(nint op, NativeValue* values, int count, nint* result);

    [LibraryImport(Shim, EntryPoint = "shim_release")] internal static partial void Release(nint tensor);
    [LibraryImport(Shim, EntryPoint = "shim_alias")] internal static partial nint Alias(nint tensor);
    [LibraryImport(Shim, EntryPoint = "shim_from_data")]
    internal static partial nint FromData(void* data, long* sizes, int dimensions, int dtype);
    [LibraryImport(Shim, EntryPoint = "shim_data")] internal static partial nint Data(nint tensor);

    [LibraryImport(Shim, EntryPoint = "shim_dtype")] internal static partial int Dtype(nint tensor);
    [LibraryImport(Shim, EntryPoint = "shim_dim")] internal static partial long Dimensions(nint tensor);
    [LibraryImport(Shim, EntryPoint = "shim_numel")] internal static partial long Count(nint tensor);
    [LibraryImport(Shim, EntryPoint = "shim_element_size")] internal static partial long ElementSize(nint tensor);
    [LibraryImport(Shim, EntryPoint = "shim_is_contiguous")] internal static partial int IsContiguous(nint tensor);
    [LibraryImport(Shim, EntryPoint = "shim_sizes")] internal static partial void Sizes(nint tensor, long* sizes);

    [LibraryImport(Shim, EntryPoint = "shim_requires_grad")] internal static partial int RequiresGrad(nint tensor);
    [LibraryImport(Shim, EntryPoint = "shim_set_requires_grad")] internal static partial int SetRequiresGrad(nint tensor, int value);
    [LibraryImport(Shim, EntryPoint = "shim_grad")] internal static partial nint Grad(nint tensor);
    [LibraryImport(Shim, EntryPoint = "shim_set_grad")] internal static partial int SetGrad(nint tensor, nint grad);

    [LibraryImport(Shim, EntryPoint = "shim_backward")] internal static partial int Backward(nint root);
    [LibraryImport(Shim, EntryPoint = "shim_grad_enabled")] internal static partial int GradEnabled();
    [LibraryImport(Shim, EntryPoint = "shim_set_grad_enabled")] internal static partial void SetGradEnabled(int enabled);

    [LibraryImport(Shim, EntryPoint = "shim_manual_seed")] internal static partial void ManualSeed(long seed);
    [LibraryImport(Shim, EntryPoint = "shim_set_num_threads")] internal static partial int SetNumThreads(int count);
    [LibraryImport(Shim, EntryPoint = "shim_default_generator")] internal static partial nint DefaultGenerator();
    [LibraryImport(Shim, EntryPoint = "shim_new_generator")] internal static partial nint NewGenerator(long seed);
    [LibraryImport(Shim, EntryPoint = "shim_seed_generator")] internal static partial void SeedGenerator(nint generator, long seed);
    [LibraryImport(Shim, EntryPoint = "shim_release_generator")] internal static partial void ReleaseGenerator(nint generator);

    /// <summary>Throws libtorch's last message when a call reported failure (a negative status).</summary>
    internal static void Check(int status)
    {
        if (status < 0) throw LastError();
    }

    /// <summary>Passes a handle on, or throws libtorch's last message when there is none.</summary>
    internal static nint Check(nint handle) => handle != 0 ? handle : throw LastError();

    private static ExternalException LastError() => new(Marshal.PtrToStringUTF8(Error()));
}
