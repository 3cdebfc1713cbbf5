using System.Runtime.InteropServices;

namespace Saccade.Inference.Execution.Platform;

/// <summary>The C library's heap, from which ONNX Runtime takes its memory.</summary>
internal static partial class NativeHeap
{
    // glibc's malloc.h.
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;

    private const int Mebibyte = 1 << 20;

    /// <summary>Has every thread's heap give back what is free at its end, when that is more than a mebibyte.</summary>
    /// <remarks>
    /// By itself glibc raises that limit with the largest block that was ever freed, up to 64 MiB, which only the first heap can exceed,
    /// and
    /// <see cref="GiveBackFreeMemory"/> spares the ends of the others. Each thread that had loaded a model left what it had needed
    /// (docs/decisions/0018).
    /// </remarks>
    public static void KeepLittle() => IfGlibc(static () => Set(TrimThreshold, Mebibyte) & Set(MmapThreshold, Mebibyte));

    /// <summary>Has free memory given back to the system.</summary>
    /// <remarks>
    /// glibc keeps what was freed between blocks in use, in a heap for each of up to eight threads per core. Other libraries give back by
    /// themselves.
    /// </remarks>
    public static void GiveBackFreeMemory() => IfGlibc(static () => Trim(0));

    private static void IfGlibc(Func<int> call)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = call();
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            // Not glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
