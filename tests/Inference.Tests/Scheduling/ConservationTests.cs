using System.Runtime.InteropServices;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Tensors;
using Saccade.Inference.Tests.Execution.Sessions;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Scheduling;

/// <summary>Nothing is lost and nothing is answered twice, whatever happens at once.</summary>
public sealed class ConservationTests
{
    private const int Callers = 6;
    private const int RequestsPerCaller = 250;
    private const float Poison = -1;

    [Theory]
    [InlineData(1, 1, 1, false, false)]
    [InlineData(2, 3, 4, false, true)]
    [InlineData(3, 4, 8, false, false)]
    [InlineData(4, 2, 5, true, false)]
    public async Task Stress_CancelsExpiriesAndFailuresAtRandom_EveryCropHasOneFate(
        int seed,
        int runs,
        int maxBatch,
        bool prepareAhead,
        bool delay
    )
    {
        var pool = new PoolFixture(
            runs,
            maxBatch,
            capacity: 60,
            delay ? TimeSpan.FromMilliseconds(5) : TimeSpan.Zero,
            prepareAhead,
            lone: runs > 1 && !prepareAhead,
            open: _ => new GatedModelSession { Fault = ThrowOnPoison }
        );
        await using (pool)
        {
            using var clockEnds = new CancellationTokenSource();
            var clock = Task.Run(() => MoveTime(pool, clockEnds.Token));
            var tallies = await Task.WhenAll(
                Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(pool, new Random((seed * 100) + caller))))
            );
            await clockEnds.CancelAsync();
            await clock.Guarded();
            await TestTimeouts.UntilAsync(() => pool.Queue.Counts.Running == 0);

            var counts = pool.Balanced();
            Assert.Equal((0, 0, 0), (counts.Queued, counts.Running, counts.Reserved));
            await TestTimeouts.UntilAsync(() => pool.Sources.All(source => source.Disposals > 0));
            Assert.All(pool.Sources, source => Assert.Equal(1, source.Disposals));
            Assert.Equal(tallies.Sum(tally => tally.Accepted), counts.Accepted);
            Assert.All(tallies, tally => Assert.Equal(RequestsPerCaller, tally.Requests));

            // A crop may be answered though its request then fails, never the other way round.
            Assert.True(counts.Answered >= tallies.Sum(tally => tally.Answered));
            Assert.True(counts.Cancelled <= tallies.Sum(tally => tally.Cancelled));
            Assert.True(counts.Expired <= tallies.Sum(tally => tally.Expired));
            Assert.True(
                tallies.Sum(tally => tally.Answered) > 0 && counts.Cancelled > 0 && counts.Expired > 0 && counts.Failed > 0,
                $"too tame: {counts}"
            );
        }
    }

    [Fact]
    public async Task Stress_StoppedInTheMiddle_EveryAcceptedRequestIsAnswered()
    {
        var pool = new PoolFixture(runs: 3, maxBatch: 4, capacity: 200);
        await using (pool)
        {
            var begun = new TaskCompletionSource();
            var finished = 0;
            var callers = Enumerable
                .Range(0, Callers)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        var answered = 0;
                        while (pool.Queue.TryReserve(2, long.MaxValue, 0, out _) is not ClassifyFailure.ShuttingDown)
                        {
                            var result = await pool.Queue.SubmitAsync(pool.Write(caller, crops: 2), 2, CancellationToken.None).Guarded();
                            Assert.Null(result.Failure);
                            answered++;
                            if (Interlocked.Increment(ref finished) == 40)
                                begun.TrySetResult();
                        }

                        return answered;
                    })
                )
                .ToArray();
            await begun.Task.Guarded();

            await pool.Pool.StopAsync(TimeSpan.FromHours(1), CancellationToken.None).Guarded();

            Assert.Equal(2L * (await Task.WhenAll(callers)).Sum(), pool.Balanced().Answered);
            Assert.Equal(pool.Balanced().Accepted, pool.Balanced().Answered);
        }
    }

    private static async Task<Tally> CallAsync(PoolFixture pool, Random random)
    {
        var tally = new Tally();
        var waiting = new List<Task>();
        for (var i = 0; i < RequestsPerCaller; i++)
        {
            waiting.Add(OneAsync(pool, random, tally));
            if (waiting.Count < random.Next(1, 12))
                continue;
            await Task.WhenAll(waiting).Guarded();
            waiting.Clear();
        }

        await Task.WhenAll(waiting).Guarded();
        return tally;
    }

    private static async Task OneAsync(PoolFixture pool, Random random, Tally tally)
    {
        var crops = random.Next(5) == 0 ? random.Next(2, 13) : 1;
        var value = random.Next(20) == 0 ? Poison : random.Next(1, 50);
        var deadline = random.Next(4) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, 4)) : TimeSpan.FromHours(10);
        var priority = random.Next(3);
        var cancels = random.Next(4) == 0;
        var spins = random.Next(2000);
        lock (tally)
            tally.Requests++;
        if (pool.Queue.TryReserve(crops, pool.DueAt(deadline), priority, out _) is not null)
            return;
        if (random.Next(20) == 0)
        {
            pool.Queue.Release(crops);
            return;
        }

        lock (tally)
            tally.Accepted += crops;
        using var caller = new CancellationTokenSource();
        var request = pool.Write(value, crops, deadline, priority);
        var result = pool.Queue.SubmitAsync(request, request.Crops.Length, caller.Token).Guarded();
        if (cancels)
        {
            Thread.SpinWait(spins);
            await caller.CancelAsync();
        }

        await SettleAsync(request, result, value, tally);
    }

    private static async Task SettleAsync(PendingRequest request, Task<RequestResult> result, float value, Tally tally)
    {
        var crops = request.Crops.Length;
        try
        {
            var failure = (await result).Failure;
            if (failure is null)
            {
                PoolFixture.AssertOwnLogits(request, value);
                Assert.NotEqual(Poison, value);
            }

            lock (tally)
            {
                if (failure is null)
                    tally.Answered += crops;
                else if (failure == ClassifyFailure.DeadlineExceeded)
                    tally.Expired += crops;
                else
                    Assert.Equal(ClassifyFailure.ModelFailed, failure);
            }
        }
        catch (OperationCanceledException)
        {
            lock (tally)
                tally.Cancelled += crops;
        }
    }

    private static async Task MoveTime(PoolFixture pool, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            pool.Time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }
    }

    private static void ThrowOnPoison(CropTensors tensors, int count)
    {
        for (var row = 0; row < count; row++)
        {
            if (MemoryMarshal.Cast<byte, float>(tensors.Input(row))[0] < 0)
                throw new InvalidOperationException("poison");
        }
    }

    private sealed class Tally
    {
        public int Requests { get; set; }

        public long Accepted { get; set; }

        public long Answered { get; set; }

        public long Cancelled { get; set; }

        public long Expired { get; set; }
    }
}
