using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Bundles;
using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>What the pipeline does when things don't go well, with a network that the test holds by the hand.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private static readonly byte[] Image = TestModels.Image(10, 200, 10);

    private readonly GatedModelSession _session = new();
    private readonly FakeTimeProvider _time = new();
    private EngineHost _engine = null!;

    public async Task InitializeAsync() =>
        _engine = await GatedEngine.StartAsync(_session, _time, ("Batching:QueueCapacity", "10"), ("Batching:DefaultDeadline", "00:00:05"));

    public async Task DisposeAsync()
    {
        _session.Open();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task ClassifyAsync_NoRoomForAllCrops_RefusedBeforeTheImageIsLookedAt()
    {
        _session.Hold();
        var ten = _engine.ClassifyAsync(Image, CropMode.Crops10);
        await _session.NextRunAsync();

        var refusal = await RefusedAsync(_engine.ClassifyAsync("no image"u8.ToArray(), CropMode.Crops10));

        Assert.Equal((ClassifyFailure.QueueFull, TimeSpan.Zero), (refusal.Failure, refusal.Timings.Decode));
        Assert.True(refusal.RetryAfter > TimeSpan.Zero);
        Assert.Equal(9, _engine.Catalog.List()[0].QueueDepth);
        await RefusedAsync(_engine.ClassifyAsync(Image, CropMode.Crops10));
        Assert.Contains(
            "Batching:QueueCapacity",
            Assert.Single(_engine.Logs.Entries, entry => entry.Id.Id == 130).Message,
            StringComparison.Ordinal
        );
        _session.Open();
        Assert.Equal(10, Assert.IsType<ClassifyAnswer>(await ten).CropsUsed);
    }

    [Fact]
    public async Task ClassifyAsync_ImageDoesNotDecode_GivesItsRoomBack()
    {
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(
                ClassifyFailure.UnsupportedImage,
                (await RefusedAsync(_engine.ClassifyAsync("no image"u8.ToArray(), CropMode.Crops10))).Failure
            );
        }

        Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(Image, CropMode.Crops10));
    }

    [Fact]
    public async Task ClassifyAsync_DeadlineHasPassedOnArrival_NothingIsDecoded()
    {
        var refusal = await RefusedAsync(_engine.ClassifyAsync("no image"u8.ToArray(), deadline: TimeSpan.Zero));

        Assert.Equal(ClassifyFailure.DeadlineExceeded, refusal.Failure);
    }

    [Theory]
    [InlineData(null, 5000)]
    [InlineData(20, 20)]
    public async Task ClassifyAsync_DeadlinePassesInTheQueue_RefusedThen(int? deadlineMs, int effectiveMs)
    {
        _session.Hold();
        var running = _engine.ClassifyAsync(Image, deadline: TimeSpan.FromHours(1));
        await _session.NextRunAsync();
        var late = _engine.ClassifyAsync(Image, deadline: deadlineMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null);

        _time.Advance(TimeSpan.FromMilliseconds(effectiveMs - 1));
        Assert.False(late.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(2));

        var refusal = await RefusedAsync(late);
        Assert.Equal(ClassifyFailure.DeadlineExceeded, refusal.Failure);
        Assert.InRange(refusal.Timings.Queue.TotalMilliseconds, effectiveMs - 1, effectiveMs + 1);
        Assert.True(refusal.Timings.Total >= refusal.Timings.Queue);
        _session.Open();
        Assert.IsType<ClassifyAnswer>(await running);
        Assert.Single(_session.Runs);
    }

    [Fact]
    public async Task ClassifyAsync_NoPredictionsWanted_Throws() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            _engine.Pipeline.ClassifyAsync(
                new()
                {
                    Image = Image,
                    ArrivedAt = _time.GetTimestamp(),
                    TopK = 0,
                },
                CancellationToken.None
            )
        );

    [Fact]
    public async Task ClassifyAsync_LongestDeadlineThereIs_DoesNotOverflow() =>
        Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(Image, deadline: TimeSpan.MaxValue));

    [Fact]
    public async Task ClassifyAsync_TokenCancelledBefore_Throws() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _engine.ClassifyAsync(Image, token: new(canceled: true)));

    [Fact]
    public async Task ClassifyAsync_CallerCancelsWhileQueued_ThrowsWithItsTokenAndNeverReachesTheSession()
    {
        _session.Hold();
        var running = _engine.ClassifyAsync(Image);
        await _session.NextRunAsync();
        using var caller = new CancellationTokenSource();
        var dead = _engine.ClassifyAsync(Image, CropMode.Single, token: caller.Token);

        await caller.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dead);
        Assert.Equal(caller.Token, error.CancellationToken);
        _session.Open();
        await running;
        Assert.Single(_session.Runs);
    }

    [Fact]
    public async Task ClassifyAsync_Times_AreThoseOfTheStages()
    {
        _session.Hold();
        var blocker = _engine.ClassifyAsync(Image);
        await _session.NextRunAsync();
        var measured = _engine.ClassifyAsync(Image);
        _time.Advance(TimeSpan.FromMilliseconds(30));
        _session.Pass();
        await _session.NextRunAsync();
        _time.Advance(TimeSpan.FromMilliseconds(70));
        _session.Open();

        var timings = Assert.IsType<ClassifyAnswer>(await measured).Timings;
        Assert.Equal((30, 70, 100, 1), (Ms(timings.Queue), Ms(timings.Inference), Ms(timings.Total), timings.BatchSize));
        await blocker;

        static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds);
    }

    [Theory]
    [InlineData("nothing", null, "There is no model 'nothing'.")]
    [InlineData("colors", "2", "There is no model 'colors' in version '2'.")]
    [InlineData("../colors", "1", "There is no model '../colors' in version '1'.")]
    public async Task ClassifyAsync_NoSuchModel_SaysSo(string model, string? version, string detail)
    {
        var refusal = await RefusedAsync(_engine.ClassifyAsync(Image, model: model, version: version));

        Assert.Equal((ClassifyFailure.UnknownModel, detail, null), (refusal.Failure, refusal.Detail, refusal.RetryAfter));
    }

    [Fact]
    public async Task ClassifyAsync_RunFails_ModelFailed()
    {
        _session.Fault = (_, _) => throw new InvalidOperationException("the device is on fire");
        var refusal = await RefusedAsync(_engine.ClassifyAsync(Image));

        Assert.Equal(ClassifyFailure.ModelFailed, refusal.Failure);
        Assert.DoesNotContain("fire", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains(_engine.Logs.Entries, entry => entry.Id.Id == 110);
    }

    [Fact]
    public async Task ClassifyAsync_SessionLost_ReadinessSaysSo()
    {
        Assert.True(_engine.Catalog.IsReady);
        _session.Fault = (_, _) => throw new InvalidOperationException("the device is on fire");
        await _engine.ClassifyAsync(Image);

        await TestTimeouts.UntilAsync(() => !_engine.Catalog.IsReady);
        Assert.Equal("Model 'colors/1' has no working session.", _engine.Catalog.NotReadyReason);
        Assert.Equal("Every session of this model was lost.", _engine.Catalog.List()[0].Error);
        await TestTimeouts.UntilAsync(() => _engine.Logs.Entries.Any(entry => entry.Id.Id == 113));
    }

    [Fact]
    public async Task ClassifyAsync_LogitsAreNoNumbers_FailsThatRequestOnly()
    {
        using var models = new TempModels().Graph("roots", "no-number-when-bright");
        await using var engine = await EngineHost.StartLoadedAsync(models.Settings);

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => engine.ClassifyAsync(TestModels.Image((byte)(i % 2 == 0 ? 255 : 0), 0, 0)))
        );

        Assert.All(
            outcomes.Where((_, i) => i % 2 == 0),
            outcome => Assert.Equal(ClassifyFailure.ModelFailed, Assert.IsType<ClassifyRefusal>(outcome).Failure)
        );
        Assert.All(outcomes.Where((_, i) => i % 2 == 1), outcome => Assert.IsType<ClassifyAnswer>(outcome));
    }

    [Fact]
    public async Task ClassifyAsync_WaitsForMemory_HoldsNoRoomInTheQueueMeanwhile()
    {
        var all = Memory.TryTake(Memory.Capacity)!;
        var waiting = _engine.ClassifyAsync(Image, CropMode.Crops10);
        Assert.False(waiting.IsCompleted);

        var room = _engine.Catalog.TryReserve(default, new(Crops: 10, long.MaxValue, Priority: 0)).Reservation;
        Assert.NotNull(room);
        room.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));
        all.Dispose();

        var answer = Assert.IsType<ClassifyAnswer>(await waiting);
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.Zero), (answer.Timings.Queue, answer.Timings.Decode));
    }

    [Fact]
    public async Task ClassifyAsync_QueueIsFullAfterTheWaitForMemory_RefusedAndTheMemoryComesBack()
    {
        var all = Memory.TryTake(Memory.Capacity)!;
        var waiting = _engine.ClassifyAsync(Image, CropMode.Crops10);
        using (_engine.Catalog.TryReserve(default, new(Crops: 1, long.MaxValue, Priority: 0)).Reservation)
        {
            all.Dispose();
            Assert.Equal(ClassifyFailure.QueueFull, (await RefusedAsync(waiting)).Failure);
        }

        Assert.Equal(Memory.Capacity, Memory.Free);
    }

    [Fact]
    public async Task ClassifyAsync_MemoryWillNotBeThereInTime_RefusedWithATimeToComeBack()
    {
        var slow = Memory.TryTake(1)!;
        _time.Advance(TimeSpan.FromSeconds(100));
        slow.Dispose();
        using var all = Memory.TryTake(Memory.Capacity);
        var first = _engine.ClassifyAsync(Image, deadline: TimeSpan.FromSeconds(4));
        Assert.False(first.IsCompleted);

        var refusal = await RefusedAsync(_engine.ClassifyAsync(Image, deadline: TimeSpan.FromSeconds(5)));

        Assert.Equal(ClassifyFailure.DeadlineUnreachable, refusal.Failure);
        Assert.True(refusal.RetryAfter > TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(ClassifyFailure.DeadlineExceeded, (await RefusedAsync(first)).Failure);
    }

    private MemoryBudget Memory => _engine.Services.GetRequiredService<MemoryBudget>();

    private static async Task<ClassifyRefusal> RefusedAsync(Task<ClassifyOutcome> outcome) => Assert.IsType<ClassifyRefusal>(await outcome);
}
