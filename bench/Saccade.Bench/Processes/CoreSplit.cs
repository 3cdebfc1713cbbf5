using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Saccade.Bench.Processes;

/// <summary>
/// Cores for a service and others for what loads it. Under overload both want all of them, and what the generator takes would be missing
/// from the answers: on two shared cores it takes a tenth at ten times the peak.
/// </summary>
/// <param name="Service">Mask of the service's; null where there is only one core, which both share.</param>
/// <param name="Load">Mask of the generator's.</param>
public sealed partial record CoreSplit(ulong? Service, ulong? Load)
{
    // The load of ten times the peak of so many cores keeps one core busy, and not fully.
    private const int ServiceCoresForOne = 7;
    private const int OfThisThread = 0;

    /// <summary>Splits the cores that this process may use; on other systems than Linux both share them.</summary>
    public static CoreSplit OfThisMachine()
    {
        using var self = Process.GetCurrentProcess();
        return OperatingSystem.IsLinux() ? Of((ulong)self.ProcessorAffinity) : new(null, null);
    }

    /// <summary>Gives the highest eighth of some cores, at least one, to the generator.</summary>
    /// <param name="cores">A bit for each.</param>
    public static CoreSplit Of(ulong cores)
    {
        var all = BitOperations.PopCount(cores);
        if (all < 2)
            return new(null, null);
        var service = cores;
        for (var load = (all + ServiceCoresForOne) / (ServiceCoresForOne + 1); load > 0; load--)
            service &= ~(1UL << BitOperations.Log2(service));
        return new(service, cores & ~service);
    }

    /// <summary>Cores of a mask; all of this process's for null.</summary>
    public static int Count(ulong? cores) => cores is { } mask ? BitOperations.PopCount(mask) : Environment.ProcessorCount;

    /// <summary>Keeps the calling thread to some cores; null leaves it where it is.</summary>
    public static void Confine(ulong? cores)
    {
        if (cores is { } mask)
            _ = SetAffinity(OfThisThread, sizeof(ulong), in mask);
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int threadId, nint size, in ulong mask);
}
