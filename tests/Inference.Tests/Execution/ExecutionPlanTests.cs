using Saccade.Inference.Execution;

namespace Saccade.Inference.Tests.Execution;

public sealed class ExecutionPlanTests
{
    // cores, Sessions, IntraOpThreads => sessions made, runs in each, threads in a run, threads of the lone session (0: none)
    [Theory]
    [InlineData(1, 0, 0, 1, 1, 1, 0)]
    [InlineData(2, 0, 0, 1, 2, 1, 2)]
    [InlineData(16, 0, 0, 1, 16, 1, 16)]
    [InlineData(8, 0, 2, 4, 1, 2, 0)]
    [InlineData(2, 0, 4, 1, 1, 4, 0)]
    [InlineData(8, 1, 0, 1, 1, 8, 0)]
    [InlineData(8, 2, 0, 2, 1, 4, 8)]
    [InlineData(8, 16, 0, 1, 16, 1, 8)]
    [InlineData(8, 3, 1, 1, 3, 1, 0)]
    [InlineData(8, 3, 2, 3, 1, 2, 0)]
    public void For_Cpu_DividesTheCores(int cores, int sessions, int threads, int made, int runsEach, int threadsEach, int lone)
    {
        var plan = ExecutionPlan.For(ExecutionProvider.Cpu, new() { Sessions = sessions, IntraOpThreads = threads }, cores);

        Assert.Equal(made, plan.Sessions.Count);
        Assert.All(
            plan.Sessions,
            session => Assert.Equal(new(new(ExecutionProvider.Cpu, 0, threadsEach), runsEach, PrepareAhead: false), session)
        );
        Assert.Equal(lone == 0 ? null : new(ExecutionProvider.Cpu, 0, lone, Spin: true), plan.LatencySession);
        Assert.Equal(made * runsEach, plan.Runs);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cpu, 10)]
    [InlineData(ExecutionProvider.Cuda, 0)]
    public void For_Niceness_OnlyWhereTheThreadsCompute(ExecutionProvider provider, int expected) =>
        Assert.Equal(expected, ExecutionPlan.For(provider, new() { Niceness = 10 }, cores: 4).Niceness);

    [Fact]
    public void For_CudaByDefault_OneSessionOnDeviceZeroThatPreparesAhead()
    {
        var plan = ExecutionPlan.For(ExecutionProvider.Cuda, new(), cores: 16);

        Assert.Equal([new PlannedSession(new(ExecutionProvider.Cuda, 0, 0), Runs: 1, PrepareAhead: true)], plan.Sessions);
        Assert.Null(plan.LatencySession);
    }

    [Fact]
    public void For_CudaDevices_AsManySessionsOnEach()
    {
        var plan = ExecutionPlan.For(ExecutionProvider.Cuda, new() { Sessions = 2, DeviceIds = { 1, 3 } }, cores: 16);

        Assert.Equal([1, 1, 3, 3], plan.Sessions.Select(session => session.Spec.DeviceId));
    }
}
