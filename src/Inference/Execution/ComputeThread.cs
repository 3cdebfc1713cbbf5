using System.Runtime.InteropServices;

namespace Saccade.Inference.Execution;

/// <summary>
/// Lets threads that answer go before threads that compute. Where every core computes, the kernel lets a thread that wakes up wait until the one
/// that runs has used up its slice, some 3 ms, and a request wakes several one after the other: a refusal that takes a tenth of a millisecond
/// was seen by its client after 25. Since Linux 6.12 a thread may ask for longer slices; one with shorter slices then runs as soon as it wakes.
/// The share of the processor that each gets stays as it is, unlike with another niceness, which threads made by this one would inherit as well.
/// </summary>
internal static partial class ComputeThread
{
    /// <summary>About the run of one picture. The kernel accepts 0.1 to 100 ms.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private const int PolicyOther = 0;
    private const int OfProcess = 0;
    private const int OfThisThread = 0;
    private const ulong ResetOnFork = 1;

    /// <summary>
    /// Asks for long slices for the calling thread. Does nothing where there are none, nor where somebody chose how the thread is scheduled: another
    /// policy, or a niceness below 0, which threads made by this one would lose.
    /// </summary>
    public static void GiveWay()
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
            Niceness = niceness,
            Runtime = (ulong)Slice.TotalNanoseconds,
        };
        // A sandbox may forbid the call: slices then stay as they are.
        _ = SystemCall(number, OfThisThread, in wanted, 0);
    }

    // The C library has no function for it before glibc 2.41.
    private static nint? SetAttributesNumber => RuntimeInformation.ProcessArchitecture switch
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
