using Saccade.TestSupport;
using Saccade.Training.Loop;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Training;

/// <summary>Alone: the setting is one for the process, and an engine that starts wants the contrary.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[Collection(Name)]
public sealed class NativeHeapTests
{
    private const string Name = "C library's heap";
    private const int PagesOfATensor = 8 * 1024 * 1024 / 4096;
    private const int Rounds = 50;

    /// <summary>Tensors made and freed over and over on a thread of its own touch fresh pages at first and then no more.</summary>
    [Fact]
    public void KeepFreed_TensorsMadeAgain_TouchNoNewPages()
    {
        NativeHeap.KeepFreed();
        var faults = -1L;
        Thread thread = new(() =>
        {
            MakeTensors();
            var before = PageFaults.OfThisThread();
            for (var round = 0; round < Rounds; round++)
                MakeTensors();
            faults = PageFaults.OfThisThread() - before;
        });
        thread.Start();
        thread.Join();

        // Given back to the system, all three of a round would fault anew; neighbours that share the heap may take a few.
        Assert.InRange(faults, 0, Rounds * PagesOfATensor);
    }

    private static void MakeTensors()
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < 3; i++)
            zeros([PagesOfATensor * 1024]).add_(1);
    }
}
