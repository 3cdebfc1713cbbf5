using Saccade.Inference.Tests.Execution.Sessions;

namespace Saccade.Inference.Tests.Scheduling;

/// <summary>Who is refused at the door. One session, batches of one, 10 ms a run; a first run under way.</summary>
public sealed class AdmissionTests
{
    private static readonly TimeSpan Run = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task TryReserve_DeadlineBeforeTheBacklogIsServed_RefusedWithTheTimeItLacks()
    {
        await using var pool = await BusyAsync(waiting: 9, deadline: TimeSpan.FromMilliseconds(115));
        var dueAt = pool.DueAt(TimeSpan.FromMilliseconds(115));

        // One runs and nine wait: the next is done in 110 ms, the one after it in 120.
        Assert.Null(pool.Queue.TryReserve(1, dueAt, 0, out _));
        Assert.Equal(ClassifyFailure.DeadlineUnreachable, pool.Queue.TryReserve(1, dueAt, 0, out var retryAfter));
        Assert.Equal(5, retryAfter.TotalMilliseconds, 0.1);
        pool.Queue.Release(1);
    }

    [Fact]
    public async Task TryReserve_RunIsNearlyDone_CountsWhatIsLeftOfIt()
    {
        await using var pool = await BusyAsync(waiting: 0);
        var dueAt = pool.DueAt(TimeSpan.FromMilliseconds(18));
        Assert.Equal(ClassifyFailure.DeadlineUnreachable, pool.Queue.TryReserve(1, dueAt, 0, out _));

        pool.Time.Advance(TimeSpan.FromMilliseconds(4));

        Assert.Null(pool.Queue.TryReserve(1, pool.DueAt(TimeSpan.FromMilliseconds(18)), 0, out _));
        pool.Queue.Release(1);
    }

    [Fact]
    public async Task TryReserve_TightDeadlineBehindPatientOnes_IsServedFirstAndSoAdmitted()
    {
        await using var pool = await BusyAsync(waiting: 50);

        Assert.Null(pool.Queue.TryReserve(1, pool.DueAt(TimeSpan.FromMilliseconds(40)), 0, out _));
        pool.Queue.Release(1);
    }

    [Fact]
    public async Task TryReserve_WouldMakeAPromisedRequestLate_Refused()
    {
        await using var pool = await BusyAsync(waiting: 0);
        _ = pool.Submit(crops: 10, deadline: TimeSpan.FromMilliseconds(125));

        // The ten need 110 of their 125 ms: one crop fits in before them, two don't.
        Assert.Null(pool.Queue.TryReserve(1, pool.DueAt(TimeSpan.FromMilliseconds(60)), 0, out _));
        pool.Queue.Release(1);
        Assert.Equal(ClassifyFailure.DeadlineUnreachable, pool.Queue.TryReserve(2, pool.DueAt(TimeSpan.FromMilliseconds(60)), 0, out _));
    }

    [Fact]
    public async Task TryReserve_RoomReservedByOthers_CountsAsBacklog()
    {
        await using var pool = await BusyAsync(waiting: 0);
        var dueAt = pool.DueAt(TimeSpan.FromMilliseconds(36));

        Assert.Null(pool.Queue.TryReserve(1, dueAt, 0, out _));
        Assert.Null(pool.Queue.TryReserve(1, dueAt, 0, out _));
        Assert.Equal(ClassifyFailure.DeadlineUnreachable, pool.Queue.TryReserve(1, dueAt, 0, out _));
        pool.Queue.Release(1);
        pool.Queue.Release(1);
    }

    [Fact]
    public async Task TryReserve_IdleQueue_TakesWhatTheForecastCallsHopeless()
    {
        await using var pool = new PoolFixture(maxBatch: 1);
        pool.Queue.Learn(1, Run);

        Assert.Null(pool.Queue.TryReserve(1, pool.DueAt(TimeSpan.FromMilliseconds(1)), 0, out _));
        pool.Queue.Release(1);
    }

    /// <summary>Runs were slow for a while; then only an idle queue admits, and the runs of those it admits must show that they no longer
    /// are.</summary>
    [Fact]
    public async Task TryReserve_EstimateFarTooLong_CorrectedByRunsThatWereAlone()
    {
        await using var pool = new PoolFixture(maxBatch: 1);
        for (var run = 0; run < 15; run++)
            pool.Queue.Learn(1, TimeSpan.FromSeconds(1));
        pool.Session.Hold();

        for (var alone = 0; alone < 15; alone++)
        {
            var (_, result) = pool.Submit(deadline: TimeSpan.FromMilliseconds(100));
            await pool.Session.NextRunAsync();
            if (alone == 0)
                Assert.Equal(
                    ClassifyFailure.DeadlineUnreachable,
                    pool.Queue.TryReserve(1, pool.DueAt(TimeSpan.FromMilliseconds(100)), 0, out _)
                );
            pool.Time.Advance(Run);
            pool.Session.Pass();
            Assert.Null((await result).Failure);
        }

        Assert.Equal(Run.TotalSeconds, pool.Queue.Cost.Seconds(1), 0.001);
        _ = pool.Submit();
        await pool.Session.NextRunAsync();
        Assert.Null(pool.Queue.TryReserve(1, pool.DueAt(TimeSpan.FromMilliseconds(100)), 0, out _));
        pool.Queue.Release(1);
    }

    [Fact]
    public async Task TryTake_CanNoLongerBeAnsweredInTime_DroppedWhereOthersWaitForTheRoom()
    {
        await using var pool = await BusyAsync(waiting: 0);
        var hopeless = pool.Submit(value: 2, deadline: TimeSpan.FromMilliseconds(25));
        var patient = new[] { pool.Submit(value: 3), pool.Submit(value: 4) };
        pool.Time.Advance(TimeSpan.FromMilliseconds(16));

        pool.Session.Open();

        Assert.Equal(ClassifyFailure.DeadlineExceeded, (await hopeless.Result).Failure);
        await Task.WhenAll(patient.Select(one => one.Result));
        Assert.DoesNotContain(2f, pool.Session.Rows);
    }

    [Fact]
    public async Task TryTake_HopelessButNobodyElseWaits_IsTried()
    {
        await using var pool = await BusyAsync(waiting: 0);
        var hopeless = pool.Submit(value: 2, deadline: TimeSpan.FromMilliseconds(25));
        pool.Time.Advance(TimeSpan.FromMilliseconds(16));

        pool.Session.Open();

        Assert.Null((await hopeless.Result).Failure);
    }

    private static async Task<PoolFixture> BusyAsync(int waiting, TimeSpan? deadline = null)
    {
        var pool = new PoolFixture(maxBatch: 1);
        pool.Queue.Learn(1, Run);
        pool.Session.Hold();
        _ = pool.Submit(value: 1, deadline: TimeSpan.FromHours(1));
        await pool.Session.NextRunAsync();
        for (var i = 0; i < waiting; i++)
            _ = pool.Submit(value: 1, deadline: deadline);
        return pool;
    }
}
