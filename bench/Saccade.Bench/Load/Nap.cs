using System.Runtime.InteropServices;

namespace Saccade.Bench.Load;

/// <summary>Sleep to within some 50 µs. The runtime's own sleeps count in milliseconds, which would be the latency of a quick
/// answer.</summary>
internal static partial class Nap
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Blocks the thread; does nothing for 0 and less. A signal may end it early.</summary>
    public static void For(TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
            return;
        var wanted = new TimeSpec((long)time.TotalSeconds, time.Ticks % TimeSpan.TicksPerSecond * NanosecondsPerTick);
        _ = NanoSleep(in wanted, remaining: 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NanoSleep(in TimeSpec wanted, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
