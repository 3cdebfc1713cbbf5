using Saccade.Inference.Scheduling;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Sessions;

/// <summary>When crops are written, and when what they show is given back.</summary>
public sealed class CropWritingTests
{
    private const int Crops = 144;
    private const int Batch = 4;

    [Fact]
    public async Task Run_LargeRequest_WritesTheCropsOfABatchWhenItRuns()
    {
        await using var pool = new PoolFixture(maxBatch: Batch);
        pool.Session.Hold();
        var large = pool.Submit(value: 3, crops: Crops);

        for (var written = Batch; written <= Crops; written += Batch)
        {
            Assert.Equal(Batch, await pool.Session.NextRunAsync());
            Assert.Equal((written, 0), (pool.Sources[0].Writes, pool.Sources[0].Disposals));
            pool.Session.Pass();
        }

        Assert.Null((await large.Result).Failure);
        PoolFixture.AssertOwnLogits(large.Request, 3);
        await GivenBackOnceAsync(pool);
    }

    [Fact]
    public async Task Run_PreparesAhead_WritesOneBatchBeforeItsTurn()
    {
        await using var pool = new PoolFixture(maxBatch: Batch, prepareAhead: true);
        pool.Session.Hold();
        var large = pool.Submit(crops: 5 * Batch);
        await pool.Session.NextRunAsync();

        await TestTimeouts.UntilAsync(() => pool.Sources[0].Writes == 2 * Batch);
        Assert.Equal(3 * Batch, pool.Balanced().Queued);
        pool.Session.Open();

        Assert.Null((await large.Result).Failure);
        Assert.Equal(5 * Batch, pool.Sources[0].Writes);
        await GivenBackOnceAsync(pool);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_RequestEndsBetweenBatches_TheRestIsNotWrittenAndItsRoomIsFree(bool byDeadline)
    {
        await using var pool = new PoolFixture(maxBatch: Batch, capacity: Crops);
        pool.Session.Hold();
        using var caller = new CancellationTokenSource();
        var large = pool.Submit(crops: Crops, deadline: TimeSpan.FromSeconds(1), token: caller.Token);
        await pool.Session.NextRunAsync();
        pool.Session.Pass();
        await pool.Session.NextRunAsync();

        if (byDeadline)
            pool.Time.Advance(TimeSpan.FromSeconds(2));
        else
            await caller.CancelAsync();
        if (byDeadline)
            Assert.Equal(ClassifyFailure.DeadlineExceeded, (await large.Result).Failure);
        else
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large.Result);

        // Its second batch still runs: what the crops show is kept for as long.
        Assert.Equal((Batch, 0), pool.Balanced() is var during ? (during.Running, during.Queued) : default);
        Assert.Equal(0, pool.Sources[0].Disposals);
        var next = pool.Submit(crops: Crops - Batch);
        pool.Session.Open();

        Assert.Null((await next.Result).Failure);
        var counts = pool.Balanced();
        Assert.Equal((Batch + Crops - Batch, Crops - Batch), (counts.Answered, counts.Cancelled + counts.Expired));
        Assert.Equal(2 * Batch, pool.Sources[0].Writes);
        await GivenBackOnceAsync(pool);
    }

    [Fact]
    public async Task Run_BatchFailsInTheMiddle_ItsCropsAreWrittenAgainInHalves()
    {
        var runs = 0;
        await using var pool = new PoolFixture(maxBatch: Batch);
        pool.Session.Fault = (_, _) =>
        {
            if (Interlocked.Increment(ref runs) == 2)
                throw new InvalidOperationException("the device is on fire");
        };

        var result = await pool.Submit(crops: Crops).Result;

        Assert.Null(result.Failure);
        Assert.Equal((Crops, 0), pool.Balanced() is var counts ? (counts.Answered, counts.Failed) : default);
        await GivenBackOnceAsync(pool);
        Assert.Equal(Crops + Batch, pool.Sources[0].Writes);
    }

    [Fact]
    public async Task Run_EveryBatchFails_TheRestIsNotWritten()
    {
        var runs = 0;
        await using var pool = new PoolFixture(maxBatch: Batch);
        pool.Session.Fault = (tensors, rows) =>
        {
            // The session's own probe is blank.
            if (tensors.Input(0).ContainsAnyExcept((byte)0) && Interlocked.Increment(ref runs) > 1)
                throw new InvalidOperationException("the device is on fire");
        };

        var result = await pool.Submit(crops: Crops).Result;

        Assert.Equal(ClassifyFailure.ModelFailed, result.Failure);
        Assert.Equal((Batch, Crops - Batch), pool.Balanced() is var counts ? (counts.Answered, counts.Failed) : default);
        await GivenBackOnceAsync(pool);
    }

    [Fact]
    public async Task Run_BatchIsPutBack_ItsCropsAreWrittenAgain()
    {
        await using var pool = new PoolFixture(maxBatch: 16);
        pool.Session.Fault = (_, count) =>
        {
            if (count > Batch)
                throw new InvalidOperationException("out of memory");
        };
        var large = pool.Submit(value: 2, crops: 16);

        Assert.Null((await large.Result).Failure);
        PoolFixture.AssertOwnLogits(large.Request, 2);
        Assert.Equal(16 + 8 + 16, pool.Sources[0].Writes);
        await GivenBackOnceAsync(pool);
    }

    [Fact]
    public async Task Submit_QueueIsGone_GivesTheCropsBack()
    {
        await using var pool = new PoolFixture();
        Assert.Null(pool.Queue.TryReserve(3, pool.DueAt(deadline: null), priority: 0, out _));
        pool.Queue.Abandon(ClassifyFailure.ShuttingDown);

        var result = await pool.Queue.SubmitAsync(pool.Write(value: 1, crops: 3), 3, CancellationToken.None);

        Assert.Equal(ClassifyFailure.ShuttingDown, result.Failure);
        Assert.Equal((0, 1), (pool.Sources[0].Writes, pool.Sources[0].Disposals));
    }

    [Fact]
    public async Task Result_CropsOfOneRequestRunOneAfterAnother_DoNotCountAsWaitingForEachOther()
    {
        await using var pool = new PoolFixture(maxBatch: 1);
        pool.Session.Fault = (_, _) => pool.Time.Advance(TimeSpan.FromMilliseconds(10));
        pool.Session.Hold();
        var other = pool.Submit(value: 1);
        await pool.Session.NextRunAsync();
        var three = pool.Submit(value: 3, crops: 3);
        pool.Session.Open();

        await other.Result;
        var result = await three.Result;

        Assert.Equal(10, result.Queue.TotalMilliseconds, tolerance: 0.01);
        Assert.Equal(30, result.Inference.TotalMilliseconds, tolerance: 0.01);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Result_WritingTakesTime_IsToldApartFromWaitingAndRunning(bool prepareAhead)
    {
        await using var pool = new PoolFixture(maxBatch: Batch, prepareAhead: prepareAhead);
        var source = new FlatCrops(1) { Writing = () => pool.Time.Advance(TimeSpan.FromMilliseconds(5)) };
        Assert.Null(pool.Queue.TryReserve(2, pool.DueAt(deadline: null), priority: 0, out _));
        pool.Session.Hold();

        var result = pool.Queue.SubmitAsync(
            new PendingRequest(crops: 2, PoolFixture.Layout.Classes, source, pool.DueAt(deadline: null)),
            2,
            CancellationToken.None
        );
        await pool.Session.NextRunAsync();
        pool.Time.Advance(TimeSpan.FromMilliseconds(70));
        pool.Session.Open();

        var told = await result;
        Assert.Equal((0, 10, 70), (Ms(told.Queue), Ms(told.Writing), Ms(told.Inference)));

        static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds);
    }

    // The crops of a batch are let go of after its requests have been answered.
    private static async Task GivenBackOnceAsync(PoolFixture pool)
    {
        await TestTimeouts.UntilAsync(() => pool.Sources[0].Disposals > 0);
        Assert.Equal(1, pool.Sources[0].Disposals);
    }
}
