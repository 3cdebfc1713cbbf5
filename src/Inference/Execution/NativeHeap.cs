using System.Runtime.InteropServices;

namespace Saccade.Inference.Execution;

/// <summary>The C library's heap, from which ONNX Runtime takes its memory.</summary>
internal static partial class NativeHeap
{
    /// <summary>Has free memory given back to the system.</summary>
    /// <remarks>
    /// glibc keeps what was freed, in a heap for each of up to eight threads per core: without this a service whose model was replaced 200
    /// times held as much as those heaps could, several times what it uses (docs/results.md). Other libraries give back by themselves.
    /// </remarks>
    public static void GiveBackFreeMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = Trim(0);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            // Not glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
