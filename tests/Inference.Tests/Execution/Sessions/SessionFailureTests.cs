using System.Runtime.InteropServices;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Tensors;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Sessions;

public sealed class SessionFailureTests
{
    private const float Poison = -1;

    [Fact]
    public async Task Run_BatchFails_OnlyItsRequestsFailAndTheSessionStays()
    {
        await using var pool = new PoolFixture(maxBatch: 4, open: _ => new GatedModelSession { Fault = ThrowOnPoison });

        var poisoned = await pool.Submit(value: Poison).Result;
        var sound = await pool.Submit(value: 2).Result;

        Assert.Equal(ClassifyFailure.ModelFailed, poisoned.Failure);
        Assert.Null(sound.Failure);
        Assert.Single(pool.Sessions);
        Assert.Equal((1, 1), pool.Balanced() is var counts ? (counts.Failed, counts.Answered) : default);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Run_OneCropOfABatchFails_ItsNeighboursAreAnsweredAfterAtMostLog2More(int poisonedAt)
    {
        await using var pool = new PoolFixture(maxBatch: 8, open: _ => new GatedModelSession { Fault = ThrowOnPoison });
        pool.Session.Hold();
        var blocker = pool.Submit(value: 100);
        await pool.Session.NextRunAsync();
        var requests = Enumerable.Range(1, 8).Select(i => pool.Submit(value: i == poisonedAt ? Poison : i)).ToList();
        pool.Session.Open();

        var results = await Task.WhenAll(requests.Select(one => one.Result));

        await blocker.Result;
        Assert.Equal(ClassifyFailure.ModelFailed, results[poisonedAt - 1].Failure);
        Assert.Equal(7, results.Count(result => result.Failure is null));
        for (var i = 1; i <= 8; i++)
        {
            if (i == poisonedAt)
                continue;
            PoolFixture.AssertOwnLogits(requests[i - 1].Request, i);
            Assert.InRange(pool.Session.Rows.Count(row => row == i), 1, 4);
        }

        Assert.Equal((1, 8), pool.Balanced() is var counts ? (counts.Failed, counts.Answered) : default);
    }

    [Fact]
    public async Task Run_GraphOfAFixedBatchFails_RowsBehindTheCropsDoNotFailItAgain()
    {
        await using var pool = new PoolFixture(allowed: [4], open: _ => new GatedModelSession { Fault = ThrowOnPoison });
        pool.Session.Hold();
        var blocker = pool.Submit(value: 100);
        await pool.Session.NextRunAsync();
        var sound = Enumerable.Range(1, 3).Select(i => pool.Submit(value: i)).ToList();
        var poisoned = pool.Submit(value: Poison);
        pool.Session.Open();

        var results = await Task.WhenAll(sound.Select(one => one.Result));

        await blocker.Result;
        Assert.Equal(ClassifyFailure.ModelFailed, (await poisoned.Result).Failure);
        Assert.All(results, result => Assert.Null(result.Failure));
    }

    [Fact]
    public async Task Run_OneCropOfARequestFails_ItsWaitingCropsLeaveToo()
    {
        await using var pool = new PoolFixture(maxBatch: 1, open: _ => new GatedModelSession { Fault = ThrowOnPoison });
        pool.Session.Hold();
        var blocker = pool.Submit(value: 1);
        await pool.Session.NextRunAsync();
        var poisoned = pool.Submit(value: Poison, crops: 5);
        pool.Session.Open();

        Assert.Equal(ClassifyFailure.ModelFailed, (await poisoned.Result).Failure);
        await blocker.Result;
        await TestTimeouts.UntilAsync(() => pool.Balanced() is { Failed: 5, Queued: 0, Running: 0 });
        // the blocker and the first poisoned crop; zeros are the slot's own probe
        Assert.Equal(2, pool.Session.Rows.Count(row => row != 0));
    }

    [Fact]
    public async Task Run_SessionBreaks_ItsBatchFailsAndItIsReplaced()
    {
        var broken = false;
        await using var pool = new PoolFixture(open: made => new GatedModelSession
        {
            Fault = (_, _) => ThrowIf(made == 0 && Volatile.Read(ref broken)),
        });
        Assert.Null((await pool.Submit().Result).Failure);

        Volatile.Write(ref broken, true);
        Assert.Equal(ClassifyFailure.ModelFailed, (await pool.Submit().Result).Failure);

        var later = pool.Submit(value: 7);
        Assert.Null((await later.Result).Failure);
        PoolFixture.AssertOwnLogits(later.Request, 7);
        Assert.Equal(2, pool.Sessions.Count);
        Assert.True(pool.Sessions[0].Disposed);
        Assert.True(pool.Pool.IsWhole);
    }

    [Fact]
    public async Task Run_SharedSessionBreaks_ReplacedOnceAndTheOldOneOutlivesItsLastRun()
    {
        var broken = false;
        await using var pool = new PoolFixture(
            runs: 2,
            maxBatch: 1,
            open: made => new GatedModelSession { Fault = (_, _) => ThrowIf(made == 0 && Volatile.Read(ref broken)) }
        );
        pool.Session.Hold();
        var both = new[] { pool.Submit(), pool.Submit() };
        await pool.Session.NextRunAsync();
        await pool.Session.NextRunAsync();
        Volatile.Write(ref broken, true);
        pool.Session.Open();

        Assert.All(await Task.WhenAll(both.Select(one => one.Result)), result => Assert.Equal(ClassifyFailure.ModelFailed, result.Failure));
        Assert.Null((await pool.Submit().Result).Failure);
        Assert.Equal(2, pool.Sessions.Count);
        await TestTimeouts.UntilAsync(() => pool.Session.Disposed);
    }

    [Fact]
    public async Task Run_WhileTheReplacementIsMade_PoolSaysSo()
    {
        var broken = false;
        using var maySucceed = new ManualResetEventSlim();
        await using var pool = new PoolFixture(open: made =>
        {
            if (made > 0)
                maySucceed.Wait(TestTimeouts.Guard);
            return new GatedModelSession { Fault = (_, _) => ThrowIf(made == 0 && Volatile.Read(ref broken)) };
        });
        Volatile.Write(ref broken, true);
        await pool.Submit().Result;

        await TestTimeouts.UntilAsync(() => !pool.Pool.IsWhole);
        Assert.Equal(new SessionCounts(Total: 1, Busy: 0, Healthy: 0), pool.Pool.Counts);
        var waiting = pool.Submit();
        maySucceed.Set();

        Assert.Null((await waiting.Result).Failure);
        Assert.True(pool.Pool.IsWhole);
    }

    [Fact]
    public async Task Run_ReplacementIsBrokenToo_NobodyIsLeftWaiting()
    {
        var broken = false;
        await using var pool = new PoolFixture(open: _ => new GatedModelSession { Fault = (_, _) => ThrowIf(Volatile.Read(ref broken)) });
        pool.Session.Hold();
        var first = pool.Submit();
        await pool.Session.NextRunAsync();
        var second = pool.Submit(crops: 6);
        Volatile.Write(ref broken, true);
        pool.Session.Open();

        Assert.Equal(ClassifyFailure.ModelFailed, (await first.Result).Failure);
        Assert.Equal(ClassifyFailure.ModelFailed, (await second.Result).Failure);
        await TestTimeouts.UntilAsync(() => pool.Queue.TryReserve(1, long.MaxValue, 0, out _) == ClassifyFailure.ModelFailed);
        Assert.Equal(0, pool.Pool.Counts.Healthy);
        Assert.Equal(7, pool.Balanced().Failed);
    }

    [Fact]
    public async Task Run_LoneSessionLost_SharedOneAnswersAlone()
    {
        var broken = false;
        await using var pool = new PoolFixture(
            runs: 2,
            lone: true,
            open: made => new GatedModelSession { Fault = (_, _) => ThrowIf(made >= 1 && Volatile.Read(ref broken)) }
        );
        Volatile.Write(ref broken, true);

        Assert.Equal(ClassifyFailure.ModelFailed, (await pool.Submit().Result).Failure);
        await TestTimeouts.UntilAsync(() => pool.Sessions.Count == 3 && pool.Sessions[1].Disposed);

        Assert.Null((await pool.Submit().Result).Failure);
        Assert.Equal((2, false), (pool.Pool.Counts.Healthy, pool.Pool.IsWhole));
    }

    [Fact]
    public void Start_SessionFailsWarmUp_ThrowsAndDisposesWhatWasMade()
    {
        var made = new List<GatedModelSession>();

        Assert.Throws<InvalidOperationException>(() =>
            new PoolFixture(
                lone: true,
                open: index =>
                {
                    made.Add(new GatedModelSession { Fault = (_, _) => ThrowIf(index == 1) });
                    return made[^1];
                }
            )
        );

        Assert.Equal(2, made.Count);
        Assert.All(made, session => Assert.True(session.Disposed));
    }

    private static void ThrowIf(bool broken)
    {
        if (broken)
            throw new InvalidOperationException("broken");
    }

    private static void ThrowOnPoison(CropTensors tensors, int count)
    {
        for (var row = 0; row < count; row++)
            ThrowIf(MemoryMarshal.Cast<byte, float>(tensors.Input(row))[0] < 0);
    }
}
