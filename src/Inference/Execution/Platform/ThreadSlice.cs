using System.Runtime.InteropServices;

namespace Saccade.Inference.Execution.Platform;

/// <summary>
/// Lets threads that answer go before threads that compute (docs/decisions/0015). Where every core computes, the kernel lets a thread that
/// wakes up wait until the one that runs has used up its slice, some 3 ms, and a request wakes several one after the other. Since Linux
/// 6.12 a thread may say how long its slices should be, and one with shorter slices runs as soon as it wakes, most of the time: the share
/// of the processor that each gets stays as it is. A niceness makes it every time, at the price of that share.
/// </summary>
internal static partial class ThreadSlice
{
    /// <summary>For threads that compute: about the run of one image, several times what the kernel gives others.</summary>
    public static readonly TimeSpan OfCompute = TimeSpan.FromMilliseconds(20);

    /// <summary>For threads that must run when they wake; the shortest that the kernel accepts.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(0.1);

    private const int PolicyOther = 0;
    private const int OfProcess = 0;
    private const int OfThisThread = 0;
    private const int MostNice = 19;
    private const ulong ResetOnFork = 1;

    /// <summary>
    /// Asks for slices of a length for the calling thread. Does nothing where there is no choice, nor where somebody chose how the thread
    /// is scheduled: another policy, or a niceness below 0, which threads made by this one would lose.
    /// </summary>
    /// <param name="length">0.1 to 100 ms.</param>
    /// <param name="nicer">Added to the thread's niceness, which can't be taken back; threads made by this one have it too. 0 to
    /// 19.</param>
    public static void AskFor(TimeSpan length, int nicer = 0)
    {
        if (!OperatingSystem.IsLinux() || SetAttributesNumber is not { } number || GetPolicy(OfThisThread) != PolicyOther)
            return;
        var niceness = GetNiceness(OfProcess, OfThisThread);
        if (niceness < 0)
            return;
        var wanted = new Attributes
        {
            Size = (uint)Marshal.SizeOf<Attributes>(),
            Flags = ResetOnFork,
            Niceness = Math.Min(niceness + nicer, MostNice),
            Runtime = (ulong)length.TotalNanoseconds,
        };
        // A sandbox may forbid the call: slices then stay as they are.
        _ = SystemCall(number, OfThisThread, in wanted, 0);
    }

    // The C library has no function for it before glibc 2.41.
    private static nint? SetAttributesNumber =>
        RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 314,
            Architecture.Arm64 => 274,
            _ => null,
        };

    [LibraryImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SystemCall(nint number, nint threadId, in Attributes attributes, nint flags);

    [LibraryImport("libc", EntryPoint = "sched_getscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetPolicy(int threadId);

    [LibraryImport("libc", EntryPoint = "getpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetNiceness(int which, int threadId);

    /// <summary>The kernel's <c>struct sched_attr</c> in its first version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Niceness;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
