using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution;
using Saccade.Inference.Execution.Devices;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Models;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Tests.Execution.Sessions;

/// <summary>Real networks in the real runtime.</summary>
public sealed class OnnxModelSessionTests
{
    private static readonly SessionSpec Cpu = new(ExecutionProvider.Cpu, 0, 1);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Run_AnyNumberOfRows_AnswersEachRowAndTouchesNoOther(int count)
    {
        using var session = Open("plain");
        using var tensors = new CropTensors(LayoutOf(session), 8);
        for (var row = 0; row < 8; row++)
        {
            Floats(tensors, row).Fill(row + 1);
            tensors.Output(row).Fill(-1);
        }

        session.Run(tensors, count);

        for (var row = 0; row < 8; row++)
        {
            var expected = row < count ? 20 * (row + 1) : -1;
            Assert.All(tensors.Output(row).ToArray(), logit => Assert.Equal(expected, logit, 1e-4));
        }
    }

    [Fact]
    public void Run_SeveralThreadsOnOneSession_DoNotMixTheirRows()
    {
        using var session = Open("plain");
        var layout = LayoutOf(session);

        Parallel.For(
            0,
            8,
            thread =>
            {
                using var tensors = new CropTensors(layout, 2);
                for (var round = 0; round < 200; round++)
                {
                    var value = (100 * thread) + round;
                    Floats(tensors, 0).Fill(value);
                    Floats(tensors, 1).Fill(-value);
                    session.Run(tensors, 2);
                    Assert.Equal((20f * value, -20f * value), (tensors.Output(0)[1], tensors.Output(1)[1]));
                }
            }
        );
    }

    [Fact]
    public void Run_SameTensorsInTwoSessionsAgainAndAgain_SeesWhatIsInThemNow()
    {
        using var first = Open("plain");
        using var second = Open("plain");
        using var tensors = new CropTensors(LayoutOf(first), 2);
        for (var round = 1; round < 20; round++)
        {
            Floats(tensors, 0).Fill(round);
            Floats(tensors, 1).Fill(-round);
            (round % 2 == 0 ? first : second).Run(tensors, 1 + (round % 3 == 0 ? 1 : 0));
            Assert.Equal(20f * round, tensors.Output(0)[2]);
            if (round % 3 == 0)
                Assert.Equal(-20f * round, tensors.Output(1)[2]);
        }
    }

    [Fact]
    public void Run_TensorsUsedBefore_AllocatesNothing()
    {
        using var session = Open("plain");
        using var tensors = new CropTensors(LayoutOf(session), 4);
        for (var i = 0; i < 50; i++)
            session.Run(tensors, 1 + (i % 4));
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
            session.Run(tensors, 1 + (i % 4));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void Run_InputMustBeBoundForEachRun_SeesWhatIsInItNow()
    {
        // As on a device that copies its input when it is bound; the CPU is content with either.
        using var options = SessionOptionsFactory.Create(Cpu);
        using var runtime = new InferenceSession(PathOf("plain"), options);
        using var session = Open("plain");
        using var tensors = new CropTensors(LayoutOf(session), 1, pinned: true);
        using var bindings = new OnnxBindings(runtime, tensors, copies: true);
        using var run = new RunOptions();
        for (var round = 1; round < 5; round++)
        {
            Floats(tensors, 0).Fill(round);
            bindings.Run(run, 1);
            Assert.Equal(20f * round, tensors.Output(0)[0]);
        }
    }

    [Fact]
    public void Run_OnCuda_AnswersAsTheCpuDoes()
    {
        using var cpu = Open("plain");
        OnnxModelSession cuda;
        try
        {
            cuda = new OnnxModelSession(PathOf("plain"), new SessionSpec(ExecutionProvider.Cuda, 0, 0));
        }
        catch (Exception error) when (error is NotSupportedException or OnnxRuntimeException)
        {
            Console.WriteLine($"Skipped: no CUDA here. {error.Message}");
            return;
        }

        using (cuda)
        using (var tensors = new CropTensors(LayoutOf(cpu), 4, pinned: true))
        {
            for (var round = 1; round < 5; round++)
            {
                for (var row = 0; row < 4; row++)
                    Floats(tensors, row).Fill(round + (row / 8f));
                cuda.Run(tensors, 1 + (round % 4));
                var answered = tensors.Output(round % 4).ToArray();
                cpu.Run(tensors, 1 + (round % 4));
                Assert.Equal(tensors.Output(round % 4)[0], answered[0], 1e-3);
            }
        }
    }

    [Fact]
    public void Create_CudaThatIsNotHere_SaysWhatIsMissing()
    {
        if (CudaProvider.Missing(AppContext.BaseDirectory, CudaProvider.HasDriver()) is not { } missing)
        {
            Console.WriteLine("Skipped: CUDA is here.");
            return;
        }

        var error = Assert.Throws<NotSupportedException>(() => SessionOptionsFactory.Create(new SessionSpec(ExecutionProvider.Cuda, 0, 0)));

        Assert.Equal(missing, error.Message);
    }

    [Fact]
    public void Run_GraphWithAFixedBatch_IsPaddedAndAnswersTheRowsAsked()
    {
        using var session = Open("batch-of-four");
        var layout = LayoutOf(session);
        using var tensors = new CropTensors(layout, 1);
        Floats(tensors, 0).Fill(2);

        session.Run(tensors, 1);

        Assert.Equal((4, 4), (layout.FixedBatch, tensors.Capacity));
        Assert.Equal(40, tensors.Output(0)[0], 1e-4);
    }

    [Fact]
    public void Run_OutputIsOfAnotherLength_Throws()
    {
        using var session = Open("plain");
        using var tensors = new CropTensors(LayoutOf(session) with { OutputShape = [4] }, 1);

        var error = Assert.ThrowsAny<Exception>(() => session.Run(tensors, 1));

        Assert.Contains("shape", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Run_AfterAbort_Throws()
    {
        using var session = Open("plain");
        using var tensors = new CropTensors(LayoutOf(session), 1);
        session.Run(tensors, 1);

        session.Abort();

        Assert.ThrowsAny<Exception>(() => session.Run(tensors, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Run_CountOutOfRange_Throws(int count)
    {
        using var session = Open("plain");
        using var tensors = new CropTensors(LayoutOf(session), 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => session.Run(tensors, count));
    }

    [Fact]
    public void Constructor_NotAnImageClassifier_SaysWhy()
    {
        var error = Assert.Throws<InvalidDataException>(() => Open("two-inputs"));

        Assert.Contains("has 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_RealNetwork_StaysWithinTheMaximum()
    {
        using var session = Open("plain");

        Assert.InRange(
            PreferredBatch.Measure(session, LayoutOf(session), BatchSizes.UpTo(5), TimeProvider.System, (_, _) => { }).Preferred,
            1,
            5
        );
    }

    private static OnnxModelSession Open(string graph) => new(PathOf(graph), Cpu);

    private static string PathOf(string graph) => Path.Combine(AppContext.BaseDirectory, "fixtures", "graphs", $"{graph}.onnx");

    private static TensorLayout LayoutOf(OnnxModelSession session) =>
        LayoutRules.Combine(session.Graph, AssumedManifest.For(session.Graph, GivenFields.None));

    private static Span<float> Floats(CropTensors tensors, int row) => MemoryMarshal.Cast<byte, float>(tensors.Input(row));
}
