using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Sessions;

/// <summary>Who takes what, and where it runs.</summary>
public sealed class WorkerPoolTests
{
    [Fact]
    public async Task Take_SessionBusy_QueueGrowsAndTheNextBatchIsLarger()
    {
        await using var pool = new PoolFixture(maxBatch: 8);
        pool.Session.Hold();
        var first = pool.Submit();
        Assert.Equal(1, await pool.Session.NextRunAsync());

        var rest = Enumerable.Range(0, 5).Select(_ => pool.Submit()).ToArray();
        Assert.Equal(5, pool.Balanced().Queued);
        pool.Session.Pass();

        Assert.Equal(5, await pool.Session.NextRunAsync());
        Assert.Equal(0, pool.Balanced().Queued);
        pool.Session.Open();
        Assert.Equal(1, (await first.Result).BatchSize);
        Assert.All(
            await Task.WhenAll(rest.Select(one => one.Result)),
            result => Assert.Equal((null, 5), (result.Failure, result.BatchSize))
        );
    }

    [Fact]
    public async Task Take_TenCropsAndSingles_ShareABatchAndEachGetsItsOwnLogits()
    {
        await using var pool = new PoolFixture(maxBatch: 16);
        pool.Session.Hold();
        _ = pool.Submit();
        await pool.Session.NextRunAsync();

        var ten = pool.Submit(value: 1, crops: 10);
        var singles = Enumerable.Range(2, 6).Select(value => (Value: value, Sent: pool.Submit(value))).ToArray();
        pool.Session.Open();

        Assert.Equal(16, (await ten.Result).BatchSize);
        PoolFixture.AssertOwnLogits(ten.Request, 1);
        foreach (var (value, sent) in singles)
        {
            Assert.Equal(16, (await sent.Result).BatchSize);
            PoolFixture.AssertOwnLogits(sent.Request, value);
        }
    }

    [Fact]
    public async Task Take_MoreCropsThanABatchHolds_IsSplitAndAnsweredOnce()
    {
        await using var pool = new PoolFixture(maxBatch: 4);
        pool.Session.Hold();
        var large = pool.Submit(value: 3, crops: 10);

        foreach (var size in new[] { 4, 4, 2 })
        {
            Assert.Equal(size, await pool.Session.NextRunAsync());
            Assert.False(large.Result.IsCompleted);
            pool.Session.Pass();
        }

        Assert.Equal((null, 2), await large.Result is var result ? (result.Failure, result.BatchSize) : default);
        PoolFixture.AssertOwnLogits(large.Request, 3);
        Assert.Equal(10, pool.Balanced().Answered);
    }

    [Fact]
    public async Task Take_DifferentDeadlinesAndPriorities_MostUrgentFirst()
    {
        await using var pool = new PoolFixture(maxBatch: 1);
        pool.Session.Hold();
        _ = pool.Submit(value: 0);
        await pool.Session.NextRunAsync();

        pool.Submit(value: 1, deadline: TimeSpan.FromSeconds(30));
        pool.Submit(value: 2, deadline: TimeSpan.FromSeconds(10));
        pool.Submit(value: 3, deadline: TimeSpan.FromSeconds(20));
        pool.Submit(value: 4, deadline: TimeSpan.FromSeconds(10));
        pool.Submit(value: 5, deadline: TimeSpan.FromSeconds(15), priority: 6);
        pool.Session.Open();

        await TestTimeouts.UntilAsync(() => pool.Balanced().Answered == 6);
        Assert.Equal([0, 5, 2, 4, 3, 1], pool.Session.Rows);
    }

    [Fact]
    public async Task Take_MaxDelay_WaitsForCompanyButNotLonger()
    {
        await using var pool = new PoolFixture(maxBatch: 8, maxDelay: TimeSpan.FromMilliseconds(50));
        pool.Session.Hold();
        var start = pool.Time.GetTimestamp();
        var (first, second) = (pool.Submit(), pool.Submit());

        // The worker may look at the clock just before the test moves it, and then waits a little longer; never less.
        await TestTimeouts.UntilAsync(() =>
        {
            if (pool.Session.AtTheGate == 0)
                pool.Time.Advance(TimeSpan.FromMilliseconds(1));
            return pool.Session.AtTheGate == 1;
        });

        Assert.True(pool.Time.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(50));
        Assert.Equal(2, await pool.Session.NextRunAsync());
        pool.Session.Open();
        await Task.WhenAll(first.Result, second.Result);
    }

    [Fact]
    public async Task Take_SeveralFreeSessions_CropsAreSpread()
    {
        await using var pool = new PoolFixture(runs: 2, maxBatch: 16);
        pool.Session.Hold();
        var ten = pool.Submit(crops: 10);

        Assert.Equal(5, await pool.Session.NextRunAsync());
        Assert.Equal(5, await pool.Session.NextRunAsync());
        Assert.Equal((2, 2, 2), pool.Pool.Counts is var counts ? (counts.Total, counts.Busy, counts.Healthy) : default);
        pool.Session.Open();
        await ten.Result;
    }

    [Fact]
    public async Task Take_AloneOnTheMachine_UsesTheSessionOfAllCores()
    {
        await using var pool = new PoolFixture(runs: 2, lone: true);
        var (shared, lone) = (pool.Sessions[0], pool.Sessions[1]);
        shared.Hold();
        lone.Hold();

        var first = pool.Submit();
        await lone.NextRunAsync();
        var second = pool.Submit();
        await shared.NextRunAsync();

        lone.Open();
        shared.Open();
        await Task.WhenAll(first.Result, second.Result);
        Assert.Equal([1], lone.Runs);
        Assert.Equal([1], shared.Runs);
    }

    [Fact]
    public async Task Take_AnotherRequestIsBeingDecoded_DoesNotTakeAllCores()
    {
        await using var pool = new PoolFixture(runs: 2, lone: true);
        pool.Sessions[0].Hold();
        Assert.Null(pool.Queue.TryReserve(1, long.MaxValue, 0, out _));

        var only = pool.Submit();

        await pool.Sessions[0].NextRunAsync();
        pool.Sessions[0].Open();
        await only.Result;
        pool.Queue.Release(1);
    }

    [Fact]
    public async Task Take_PrepareAhead_NextBatchIsTakenWhileOneRunsAndDeadRowsAreDroppedBeforeItRuns()
    {
        await using var pool = new PoolFixture(prepareAhead: true);
        pool.Session.Hold();
        var first = pool.Submit(value: 1);
        await pool.Session.NextRunAsync();
        using var caller = new CancellationTokenSource();
        var dead = pool.Submit(value: 2, token: caller.Token);
        await TestTimeouts.UntilAsync(() => pool.Balanced() is { Running: 2, Queued: 0 });

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dead.Result);
        pool.Session.Open();

        await first.Result;
        await TestTimeouts.UntilAsync(() => pool.Balanced().Running == 0);
        Assert.Equal([1], pool.Session.Rows);
        Assert.Equal(1, pool.Balanced().Cancelled);
    }

    [Fact]
    public async Task Take_PreparedAheadAndMoreUrgentCropsCome_TheyTakeThePlacesOfTheLeastUrgent()
    {
        await using var pool = new PoolFixture(maxBatch: 4, prepareAhead: true);
        pool.Session.Hold();
        var first = pool.Submit(value: 1);
        await pool.Session.NextRunAsync();
        var large = pool.Submit(value: 2, crops: 6, deadline: TimeSpan.FromSeconds(60));
        await TestTimeouts.UntilAsync(() => pool.Balanced() is { Running: 5, Queued: 2 });
        var urgent = pool.Submit(value: 9, deadline: TimeSpan.FromSeconds(10));
        pool.Session.Open();

        Assert.Equal(4, (await urgent.Result).BatchSize);
        await Task.WhenAll(first.Result, large.Result);
        PoolFixture.AssertOwnLogits(urgent.Request, 9);
        PoolFixture.AssertOwnLogits(large.Request, 2);
        Assert.Equal([1, 4, 3], pool.Session.Runs);
        Assert.Equal(2, pool.Session.Rows.ToList().IndexOf(9) / 2); // in the second batch, at the place of its last row
        Assert.Equal(8, pool.Balanced().Answered);
    }

    [Fact]
    public async Task Take_SizesAreFixed_BatchesArePaddedAndEveryoneGetsTheirOwn()
    {
        await using var pool = new PoolFixture(allowed: [2, 4]);
        pool.Session.Hold();
        var first = pool.Submit(value: 1);
        Assert.Equal(2, await pool.Session.NextRunAsync());
        var three = pool.Submit(value: 3, crops: 3);
        pool.Session.Open();

        Assert.Equal((1, 1), ((await first.Result).BatchSize, (await three.Result).BatchSize));
        PoolFixture.AssertOwnLogits(first.Request, 1);
        PoolFixture.AssertOwnLogits(three.Request, 3);
        Assert.Equal([2, 2, 2], pool.Session.Runs); // costs are unknown: two and one, not three in four
    }

    [Fact]
    public async Task Start_AmbientContext_DoesNotFlowIntoTheWorkers()
    {
        var ambient = new AsyncLocal<string?> { Value = "a request" };
        string? seen = "nothing ran";
        await using var pool = new PoolFixture(open: _ => new GatedModelSession
        {
            Fault = (_, _) =>
                seen = Thread.CurrentThread.Name?.StartsWith("saccade", StringComparison.Ordinal) == true ? ambient.Value : seen,
        });

        await pool.Submit().Result;

        Assert.Null(seen);
    }
}
