using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Sessions;

public sealed class DrainTests
{
    [Fact]
    public async Task StopAsync_WorkAccepted_AnswersAllOfItAndRefusesMore()
    {
        await using var pool = new PoolFixture(maxBatch: 2);
        pool.Session.Hold();
        var accepted = Enumerable.Range(0, 7).Select(_ => pool.Submit()).ToArray();
        await pool.Session.NextRunAsync();

        var stopping = pool.Pool.StopAsync(TimeSpan.FromSeconds(20), CancellationToken.None);

        Assert.Equal(ClassifyFailure.ShuttingDown, pool.Queue.TryReserve(1, long.MaxValue, 0, out _));
        Assert.False(stopping.IsCompleted);
        pool.Session.Open();
        await stopping.Guarded();
        Assert.All(await Task.WhenAll(accepted.Select(one => one.Result)), result => Assert.Null(result.Failure));
        Assert.True(pool.Session.Disposed);
    }

    [Fact]
    public async Task StopAsync_RoomPromisedBefore_IsStillHonoured()
    {
        await using var pool = new PoolFixture();
        Assert.Null(pool.Queue.TryReserve(2, long.MaxValue, 0, out _));

        var stopping = pool.Pool.StopAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        var request = pool.Write(value: 4, crops: 2);

        Assert.Null((await pool.Queue.SubmitAsync(request, request.Crops.Length, CancellationToken.None).Guarded()).Failure);
        await stopping.Guarded();
        PoolFixture.AssertOwnLogits(request, 4);
    }

    [Fact]
    public async Task StopAsync_PromisedRoomGivenBack_Ends()
    {
        await using var pool = new PoolFixture(runs: 2);
        Assert.Null(pool.Queue.TryReserve(3, long.MaxValue, 0, out _));
        var stopping = pool.Pool.StopAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.False(stopping.IsCompleted);

        pool.Queue.Release(3);

        await stopping.Guarded();
    }

    [Fact]
    public async Task StopAsync_DrainTimeoutPasses_RestIsAnsweredAsShuttingDown()
    {
        await using var pool = new PoolFixture(maxBatch: 2);
        pool.Session.Hold();
        Assert.Null(pool.Queue.TryReserve(1, long.MaxValue, 0, out _));
        var accepted = Enumerable.Range(0, 5).Select(_ => pool.Submit()).ToArray();
        await pool.Session.NextRunAsync();

        var stopping = pool.Pool.StopAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        pool.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.All(
            await Task.WhenAll(accepted.Select(one => one.Result)),
            result => Assert.Equal(ClassifyFailure.ShuttingDown, result.Failure)
        );
        await stopping.Guarded();
        Assert.Equal((5, 0, 0), pool.Balanced() is var counts ? (counts.Failed, counts.Queued, counts.Running) : default);
        Assert.True(pool.Session.Disposed);
        Assert.Single(pool.Sessions); // an aborted session is not replaced

        var late = await pool.Queue.SubmitAsync(pool.Write(value: 1, crops: 1), 1, CancellationToken.None).Guarded();
        Assert.Equal(ClassifyFailure.ShuttingDown, late.Failure);
    }

    [Fact]
    public async Task StopAsync_HostLosesPatience_EndsTheDrainEarly()
    {
        await using var pool = new PoolFixture();
        pool.Session.Hold();
        var accepted = pool.Submit();
        await pool.Session.NextRunAsync();
        using var host = new CancellationTokenSource();

        var stopping = pool.Pool.StopAsync(TimeSpan.FromHours(1), host.Token);
        await host.CancelAsync();

        Assert.Equal(ClassifyFailure.ShuttingDown, (await accepted.Result).Failure);
        await stopping.Guarded();
    }
}
