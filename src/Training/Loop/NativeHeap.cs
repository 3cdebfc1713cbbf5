using System.Runtime.InteropServices;

namespace Saccade.Training.Loop;

/// <summary>
/// How the C library treats the memory that libtorch frees. glibc gives large blocks back to the system as soon as a thread other than
/// the first frees them, so every step faults all of its activations in anew: a third of a small network's training time on a CPU
/// (docs/decisions/0013). Python does not suffer from it, because it computes on the first thread.
/// </summary>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MapThreshold = -3;
    private const int Megabyte = 1 << 20;

    // What a heap may keep, what it grows and shrinks by, and from what size on a block is mapped alone (the most that glibc allows).
    private static readonly (int Parameter, int Value)[] Settings =
    [
        (TrimThreshold, 1024 * Megabyte),
        (TopPad, 512 * Megabyte),
        (MapThreshold, 32 * Megabyte),
    ];

    /// <summary>From now on freed memory stays with the process, to be used again. Does nothing where the C library is another.</summary>
    public static void KeepFreed()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            foreach (var (parameter, value) in Settings)
                _ = Set(parameter, value);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such function.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Set(int parameter, int value);
}
