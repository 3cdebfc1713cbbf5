using Microsoft.Extensions.Options;
using Saccade.Inference.Execution;
using Saccade.Inference.Execution.Devices;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Devices;

/// <summary>What of an accelerator can be tested without one.</summary>
public sealed class CudaProviderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("saccade-cuda-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Missing_NoDriver_SaysSoWhateverElseIsThere() =>
        Assert.Equal("There is no NVIDIA driver: libcuda.so.1 cannot be loaded.", CudaProvider.Missing(_folder, driver: false));

    [Fact]
    public void Missing_DriverWithoutTheLibrary_TellsWhichBuildBringsIt() =>
        Assert.Contains("-p:CudaProviders=true", CudaProvider.Missing(_folder, driver: true), StringComparison.Ordinal);

    [Theory]
    [InlineData(".")]
    [InlineData("runtimes/linux-x64/native")]
    public void Missing_LibraryWhereBuildsPutIt_Nothing(string place)
    {
        Directory.CreateDirectory(Path.Combine(_folder, place));
        File.WriteAllBytes(Path.Combine(_folder, place, "libonnxruntime_providers_cuda.so"), []);

        Assert.Null(CudaProvider.Missing(_folder, driver: true));
    }

    [Theory]
    [InlineData(0, 0, 1)] // two runs on the accelerator: one computes while the other copies
    [InlineData(4, 0, 3)] // as many as one model was given
    public void Of_Accelerator_LetsAFewRunsInAndEachDeviceHasItsOwnGate(int sessions, int threads, int more)
    {
        var gates = new DeviceGates(
            Options.Create(new ExecutionOptions { Sessions = sessions, IntraOpThreads = threads }),
            new FakeTimeProvider()
        );
        var spec = new SessionSpec(ExecutionProvider.Cuda, 0, 0);

        Assert.Same(gates.Of(spec), gates.Of(spec with { IntraOpThreads = 1 }));
        Assert.NotSame(gates.Of(spec), gates.Of(spec with { DeviceId = 1 }));
        Assert.Equal(1 + more, Free(gates.Of(spec), spec));
    }

    [Fact]
    public void Of_Cpu_LetsInAsManyThreadsAsThereAreCores()
    {
        var gates = new DeviceGates(Options.Create(new ExecutionOptions()), new FakeTimeProvider());
        var spec = new SessionSpec(ExecutionProvider.Cpu, 0, 1);

        Assert.Equal(Environment.ProcessorCount, Free(gates.Of(spec), spec));
    }

    [Fact]
    public void Of_CpuWithMoreThreadsConfiguredThanCores_LetsThemIn()
    {
        var cores = Environment.ProcessorCount;
        var gates = new DeviceGates(
            Options.Create(new ExecutionOptions { Sessions = 3 * cores, IntraOpThreads = 2 }),
            new FakeTimeProvider()
        );
        var spec = new SessionSpec(ExecutionProvider.Cpu, 0, 2);

        Assert.Equal(3 * cores, Free(gates.Of(spec), spec));
    }

    // How many runs go in before one would have to wait.
    private static int Free(DeviceGate gate, SessionSpec spec)
    {
        var share = gate.Join();
        for (var entered = 0; ; entered++)
        {
            var ticket = new GateTicket(gate, share, DeviceGates.Units(spec));
            gate.Ask(ticket);
            if (!ticket.IsGranted)
                return entered;
        }
    }
}
