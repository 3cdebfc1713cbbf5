using System.Runtime.InteropServices;
using Saccade.Inference.Execution.Platform;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Platform;

public sealed class NativeHeapTests
{
    private const int Page = 4096;
    private const int Block = 64 * 1024;
    private const int Blocks = 256;
    private const int Threads = 8;

    /// <summary>
    /// What a thread freed returns to the system, although a large block was freed before. Several threads at once, so that each has a heap
    /// of its own: a heap that other tests have used before may hold a block in use behind what is freed here, and gives nothing back.
    /// </summary>
    [Fact]
    public void KeepLittle_BlocksMadeAgain_TouchNewPages()
    {
        if (!OperatingSystem.IsLinux())
            return;
        NativeHeap.KeepLittle();
        MakeBlocks(1, Block * Blocks);
        var faults = new long[Threads];
        using var allRun = new Barrier(Threads);
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, Threads)
                .Select(i => new Thread(() =>
                {
                    MakeBlocks(1, Block);
                    allRun.SignalAndWait();
                    MakeBlocks(Blocks, Block);
                    var before = PageFaults.OfThisThread();
                    MakeBlocks(Blocks, Block);
                    faults[i] = PageFaults.OfThisThread() - before;
                })),
        ];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        // All but the mebibyte that a heap may keep.
        Assert.InRange(faults.Max(), Blocks * Block / Page / 2, long.MaxValue);
    }

    private static void MakeBlocks(int count, int size)
    {
        var blocks = Enumerable.Range(0, count).Select(_ => Marshal.AllocHGlobal(size)).ToArray();
        foreach (var block in blocks)
        {
            for (var at = 0; at < size; at += Page)
                Marshal.WriteByte(block, at, 1);
        }

        foreach (var block in blocks)
            Marshal.FreeHGlobal(block);
    }
}
