using System.Runtime.InteropServices;
using Saccade.Inference.Execution.Platform;

namespace Saccade.Inference.Tests.Execution.Platform;

public sealed class ThreadSliceTests
{
    private static readonly Version KernelWithSlices = new(6, 12);

    [Fact]
    public void AskFor_OnAThread_SetsItsSlicesWhereTheKernelHasThemAndChangesNothingElse()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            return;
        Attributes before = default,
            after = default,
            child = default;

        OnThread(() =>
        {
            before = Read();
            ThreadSlice.AskFor(ThreadSlice.OfCompute);
            after = Read();
            OnThread(() => child = Read());
        });

        Assert.Equal((before.Policy, before.Niceness), (after.Policy, after.Niceness));
        Assert.Equal((before.Policy, before.Niceness, before.Runtime), (child.Policy, child.Niceness, child.Runtime));
        var isLeftAlone = before is not { Policy: 0, Niceness: >= 0 } || Environment.OSVersion.Version < KernelWithSlices;
        Assert.Equal(isLeftAlone ? before.Runtime : (ulong)ThreadSlice.OfCompute.TotalNanoseconds, after.Runtime);
    }

    [Fact]
    public void AskFor_Niceness_IsAddedToTheThreadsOwn()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            return;
        Attributes before = default,
            after = default;

        OnThread(() =>
        {
            before = Read();
            ThreadSlice.AskFor(ThreadSlice.OfCompute, nicer: 7);
            after = Read();
        });

        Assert.Equal(before is { Policy: 0, Niceness: >= 0 } ? Math.Min(before.Niceness + 7, 19) : before.Niceness, after.Niceness);
    }

    private static void OnThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    private static Attributes Read()
    {
        var number = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 315 : 275;
        Assert.Equal(0, SystemCall(number, 0, out var attributes, Marshal.SizeOf<Attributes>(), 0));
        return attributes;
    }

    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SystemCall(nint number, nint threadId, out Attributes attributes, nint size, nint flags);

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
