using Saccade.Inference.Tests.Execution.Sessions;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Scheduling;

/// <summary>How requests enter, wait and leave.</summary>
public sealed class CropQueueTests
{
    [Fact]
    public async Task SubmitAsync_CallerCancelsWhileQueued_NeverReachesSession()
    {
        await using var pool = new PoolFixture(maxBatch: 8);
        pool.Session.Hold();
        var running = pool.Submit(value: 1);
        await pool.Session.NextRunAsync();
        using var caller = new CancellationTokenSource();
        var dead = pool.Submit(value: 2, crops: 3, token: caller.Token);
        var alive = pool.Submit(value: 3);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dead.Result);
        Assert.Equal((3, 1), pool.Balanced() is var counts ? (counts.Cancelled, counts.Queued) : default);
        pool.Session.Open();
        await Task.WhenAll(running.Result, alive.Result);
        Assert.Equal([1, 3], pool.Session.Rows);
    }

    [Fact]
    public async Task SubmitAsync_CallerCancelsWhileRunning_IsToldAtOnceAndCountedAsCancelled()
    {
        await using var pool = new PoolFixture();
        pool.Session.Hold();
        using var caller = new CancellationTokenSource();
        var running = pool.Submit(token: caller.Token);
        await pool.Session.NextRunAsync();

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Result);
        Assert.Equal(1, pool.Balanced().Running);
        pool.Session.Open();
        await TestTimeouts.UntilAsync(() => pool.Balanced().Cancelled == 1);
    }

    [Fact]
    public async Task SubmitAsync_TokenCancelledBefore_ThrowsAndLeavesNothingBehind()
    {
        await using var pool = new PoolFixture();
        pool.Session.Hold();
        _ = pool.Submit();
        await pool.Session.NextRunAsync();

        var dead = pool.Submit(token: new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dead.Result);
        Assert.Equal((0, 1), pool.Balanced() is var counts ? (counts.Queued, counts.Cancelled) : default);
    }

    [Fact]
    public async Task SubmitAsync_DeadlinePassesWhileQueued_ToldAtOnceAndNeverReachesSession()
    {
        await using var pool = new PoolFixture(maxBatch: 8);
        pool.Session.Hold();
        var running = pool.Submit(value: 1);
        await pool.Session.NextRunAsync();
        var late = pool.Submit(value: 2, crops: 2, deadline: TimeSpan.FromMilliseconds(10));

        pool.Time.Advance(TimeSpan.FromMilliseconds(11));

        var result = await late.Result;
        Assert.Equal((ClassifyFailure.DeadlineExceeded, 0), (result.Failure, result.BatchSize));
        Assert.Equal(2, pool.Balanced().Expired);
        pool.Session.Open();
        await running.Result;
        Assert.Equal([1], pool.Session.Rows);
    }

    [Fact]
    public async Task Take_DeadlinePassedAndItsTimerLate_DroppedWhenTheBatchIsFormed()
    {
        await using var pool = new PoolFixture(maxBatch: 8);
        pool.Session.Hold();
        var running = pool.Submit(value: 1);
        await pool.Session.NextRunAsync();
        var late = pool.Submit(value: 2, deadline: TimeSpan.FromMilliseconds(10));
        var alive = pool.Submit(value: 3);

        pool.Time.TimersAsleep = true;
        pool.Time.Advance(TimeSpan.FromMilliseconds(11));
        pool.Session.Open();

        Assert.Equal(ClassifyFailure.DeadlineExceeded, (await late.Result).Failure);
        await Task.WhenAll(running.Result, alive.Result);
        Assert.Equal([1, 3], pool.Session.Rows);
    }

    [Fact]
    public async Task TryReserve_NoRoomForAllCrops_RefusedWholeWithATimeToComeBack()
    {
        await using var pool = new PoolFixture(maxBatch: 1, capacity: 10);
        pool.Session.Hold();
        var nine = pool.Submit(crops: 10);
        await pool.Session.NextRunAsync();
        Assert.Equal(9, pool.Balanced().Queued);

        Assert.Equal(ClassifyFailure.QueueFull, pool.Queue.TryReserve(2, long.MaxValue, 0, out var retryAfter));
        Assert.True(retryAfter > TimeSpan.Zero);
        Assert.Null(pool.Queue.TryReserve(1, long.MaxValue, 0, out _));
        Assert.Equal(ClassifyFailure.QueueFull, pool.Queue.TryReserve(1, long.MaxValue, 0, out _));

        pool.Queue.Release(1);
        Assert.Null(pool.Queue.TryReserve(1, long.MaxValue, 0, out _));
        pool.Queue.Release(1);
        pool.Session.Open();
        await nine.Result;
    }
}
