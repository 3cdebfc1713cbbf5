using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Decoding;

public sealed class MemoryBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Take_RoomForIt_IsHandedAtOnceAndComesBack()
    {
        var budget = new MemoryBudget(100, 2, _time);

        using (await budget.TakeAsync(60, In(1), default))
            Assert.Equal(40, budget.Free);

        Assert.Equal(100, budget.Free);
    }

    [Fact]
    public async Task Take_NoRoom_WaitsUntilBytesComeBack()
    {
        var budget = new MemoryBudget(100, 2, _time);
        var first = await budget.TakeAsync(60, In(1), default);

        var second = budget.TakeAsync(60, In(1), default);
        Assert.False(second.IsCompleted);
        first!.Dispose();

        using var holding = await second;
        Assert.NotNull(holding);
        Assert.Equal(40, budget.Free);
    }

    [Fact]
    public async Task Take_NoPlace_WaitsAlthoughThereAreBytes()
    {
        var budget = new MemoryBudget(100, 1, _time);
        var first = await budget.TakeAsync(2, In(1), default);

        var second = budget.TakeAsync(2, In(1), default);
        Assert.False(second.IsCompleted);
        first!.KeepOnly(2);

        Assert.NotNull(await second);
        Assert.Equal(96, budget.Free);
    }

    [Fact]
    public async Task Take_SeveralWait_TheEarliestDeadlineGoesFirst()
    {
        var budget = new MemoryBudget(100, 8, _time);
        var all = await budget.TakeAsync(100, In(1), default);
        var late = budget.TakeAsync(60, In(9), default);
        var early = budget.TakeAsync(60, In(5), default);

        all!.Dispose();

        Assert.NotNull(await early);
        Assert.False(late.IsCompleted);
    }

    [Fact]
    public async Task Waiting_OneGaveUp_CountsTheOthers()
    {
        var budget = new MemoryBudget(100, 8, _time);
        using var all = await budget.TakeAsync(100, In(1), default);
        using var giveUp = new CancellationTokenSource();
        var first = budget.TakeAsync(60, In(5), default);
        var second = budget.TakeAsync(60, In(9), giveUp.Token);
        Assert.Equal((2, 0), (budget.Waiting, budget.Free));

        await giveUp.CancelAsync();

        Assert.Equal(1, budget.Waiting);
        Assert.False(first.IsCompleted);
        await Assert.ThrowsAsync<TaskCanceledException>(async () => await second);
    }

    [Fact]
    public async Task Take_SmallBehindLarge_DoesNotPassIt()
    {
        var budget = new MemoryBudget(100, 8, _time);
        using var most = await budget.TakeAsync(90, In(1), default);
        var large = budget.TakeAsync(50, In(5), default);

        var small = budget.TakeAsync(5, In(9), default);

        Assert.False(small.IsCompleted);
        Assert.False(large.IsCompleted);
    }

    [Fact]
    public async Task Take_SmallImages_HaveAPlaceAndALineOfTheirOwn()
    {
        var budget = new MemoryBudget(6400, 1, _time);
        using var most = budget.TryTake(6000);
        var large = budget.TakeAsync(5000, In(5), default);

        var small = budget.TryTake(100);
        Assert.NotNull(small);
        var second = budget.TakeAsync(50, In(9), default);
        Assert.False(second.IsCompleted);
        Assert.Null(budget.TryTake(50));
        Assert.Null(budget.TryTake(101));
        small.KeepOnly(10);

        using var other = await second;
        Assert.NotNull(other);
        Assert.False(large.IsCompleted);
        Assert.Equal(340, budget.Free);
    }

    [Fact]
    public void TimeToTake_NothingLearnt_IsZero() => Assert.Equal(TimeSpan.Zero, new MemoryBudget(100, 1, _time).TimeToTake(50, In(1)));

    [Fact]
    public async Task TimeToTake_OthersWait_IsHowLongThoseWhoAreDueSoonerWillHoldTheirPlaces()
    {
        var budget = new MemoryBudget(100, 1, _time);
        var first = budget.TryTake(40)!;
        _time.Advance(TimeSpan.FromSeconds(4));
        first.Dispose();
        using var holding = budget.TryTake(40);
        var sooner = budget.TakeAsync(20, In(10), default);
        var later = budget.TakeAsync(30, In(30), default);

        Assert.Equal(TimeSpan.FromSeconds(2), budget.TimeToTake(10, In(20)));
        Assert.Equal(TimeSpan.FromSeconds(5), budget.TimeToTake(10, In(40)));
        Assert.False(sooner.IsCompleted || later.IsCompleted);
    }

    [Fact]
    public void TimeToTake_LineIsFull_IsNever()
    {
        var budget = new MemoryBudget(100, 1, _time);
        using var all = budget.TryTake(100);
        for (var i = 0; i < MemoryBudget.MostWaiting; i++)
        {
            Assert.NotNull(budget.TimeToTake(50, In(9)));
            var waiting = budget.TakeAsync(50, In(9), default);
            Assert.False(waiting.IsCompleted);
        }

        Assert.Null(budget.TimeToTake(50, In(9)));
        Assert.NotNull(budget.TimeToTake(1, In(9)));
    }

    [Fact]
    public void TryKeep_BetweenRounds_TakesAtMostAQuarter()
    {
        var budget = new MemoryBudget(100, 4, _time);
        var first = budget.TryTake(20)!;
        using var second = budget.TryTake(20)!;
        first.KeepOnly(15);

        Assert.True(first.TryKeep());
        Assert.True(first.TryKeep());
        Assert.False(second.TryKeep());
        first.Dispose();

        Assert.True(second.TryKeep());
        second.Dispose();
        Assert.Equal(100, budget.Free);
    }

    [Fact]
    public async Task Take_DeadlinePasses_GetsNothingAndLetsTheNextIn()
    {
        var budget = new MemoryBudget(100, 8, _time);
        using var most = await budget.TakeAsync(90, In(1), default);
        var large = budget.TakeAsync(50, In(5), default);
        var small = budget.TakeAsync(5, In(9), default);

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Null(await large);
        Assert.NotNull(await small);
    }

    [Fact]
    public async Task Take_CallerGivesUpWhileWaiting_ThrowsAndHoldsNothing()
    {
        var budget = new MemoryBudget(100, 8, _time);
        var all = await budget.TakeAsync(100, In(1), default);
        using var caller = new CancellationTokenSource();
        var waiting = budget.TakeAsync(10, In(5), caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        all!.Dispose();
        Assert.Equal(100, budget.Free);
    }

    [Fact]
    public async Task Dispose_AfterKeepOnlyAndTwice_GivesBackOnce()
    {
        var budget = new MemoryBudget(100, 1, _time);
        var holding = await budget.TakeAsync(80, In(1), default);

        holding!.KeepOnly(30);
        holding.Dispose();
        holding.Dispose();

        Assert.Equal(100, budget.Free);
        using var again = await budget.TakeAsync(100, In(1), default);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Take_FromManyThreads_NeverHandsMoreThanThereIs()
    {
        var budget = new MemoryBudget(100, 3, TimeProvider.System);
        long held = 0,
            places = 0;
        var deadline = TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency * 600);

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(seed =>
                    Task.Run(async () =>
                    {
                        var random = new Random(seed);
                        for (var round = 0; round < 500; round++)
                        {
                            var wanted = random.Next(2, 101);
                            using var holding = await budget.TakeAsync(wanted, deadline + random.Next(), default);
                            Assert.NotNull(holding);
                            Assert.InRange(Interlocked.Add(ref held, wanted), 1, 100);
                            Assert.InRange(Interlocked.Increment(ref places), 1, 3);
                            Interlocked.Decrement(ref places);
                            Interlocked.Add(ref held, -wanted);
                        }
                    })
                )
        );

        Assert.Equal(100, budget.Free);
    }

    private long In(int seconds) => _time.GetTimestamp() + (seconds * _time.TimestampFrequency);
}
