using System.Runtime.InteropServices;
using Saccade.Inference.Bundles;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>Answers that are kept and runs that are shared, with a network that the test holds by the hand.</summary>
public sealed class AnswerCacheTests : IAsyncLifetime
{
    private static readonly byte[] Green = TestModels.Image(10, 200, 10);
    private static readonly byte[] Grey = TestModels.Image(90, 90, 90);
    private static readonly byte[] Other = TestModels.Image(200, 10, 10);

    private readonly GatedModelSession _session = new();
    private readonly FakeTimeProvider _time = new();
    private EngineHost _engine = null!;

    public async Task InitializeAsync() =>
        _engine = await GatedEngine.StartAsync(_session, _time, ("Batching:QueueCapacity", "150"), ("Cache:Size", "1000000"));

    public async Task DisposeAsync()
    {
        _session.Open();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Ask_Again_SameAnswerWithoutARunAndWithItsOwnTimes()
    {
        CountRuns();
        var first = await AnsweredAsync(AskAsync(Green));
        _time.Advance(TimeSpan.FromSeconds(42));
        var request = Request(Green);
        _time.Advance(TimeSpan.FromMilliseconds(3));

        var again = await AnsweredAsync(_engine.Pipeline.ClassifyAsync(request, CancellationToken.None));

        Assert.Equal((null, null), (first.Cached, first.Age));
        Assert.Equal(CacheUse.Hit, again.Cached);
        Assert.Equal(42_003, again.Age!.Value.TotalMilliseconds, tolerance: 0.001);
        Assert.Equal(first.Predictions, again.Predictions);
        Assert.Equal((first.Model, first.Version, first.CropsUsed), (again.Model, again.Version, again.CropsUsed));
        Assert.Equal(3, again.Timings.Total.TotalMilliseconds, tolerance: 0.001);
        Assert.Equal(new StageTimings(again.Timings.Total, default, default, default, default, BatchSize: 0), again.Timings);
        Assert.Single(_session.Runs);
    }

    [Fact]
    public async Task Ask_AfterItsDeadline_IsRefusedThoughTheAnswerIsThere()
    {
        await AnsweredAsync(AskAsync(Green));

        var late = await AskAsync(Green, request => request with { Deadline = TimeSpan.Zero });

        Assert.Equal(ClassifyFailure.DeadlineExceeded, Assert.IsType<ClassifyRefusal>(late).Failure);
    }

    [Fact]
    public async Task Ask_OtherImage_IsComputed()
    {
        await AnsweredAsync(AskAsync(Green));

        Assert.Equal("red", (await AnsweredAsync(AskAsync(Other))).Predictions[0].Label);
    }

    [Fact]
    public async Task Ask_WhileTheSameRuns_OneRunAnswersBoth()
    {
        _session.Hold();
        var first = AskAsync(Green);
        await _session.NextRunAsync();
        var second = AskAsync(Green);
        var batchMate = AskAsync(Green, request => request with { TopK = 1 });
        _session.Open();

        var (computed, shared) = (await AnsweredAsync(first), await AnsweredAsync(second));

        Assert.Equal((null, CacheUse.Shared, null), (computed.Cached, shared.Cached, shared.Age));
        Assert.Equal(computed.Predictions, shared.Predictions);
        Assert.Equal((TimeSpan.Zero, 0), (shared.Timings.Inference, shared.Timings.BatchSize));
        Assert.Null((await AnsweredAsync(batchMate)).Cached);
        Assert.Equal(2, _session.Runs.Count);
    }

    [Fact]
    public async Task Ask_FirstCallerLeaves_TheOthersAreAnsweredByItsRun()
    {
        var blocker = await BlockAsync();
        using var caller = new CancellationTokenSource();
        var first = AskAsync(Green, token: caller.Token);
        var second = AskAsync(Green);

        await caller.CancelAsync();
        Assert.False(first.IsCompleted);
        _session.Open();

        Assert.Equal(CacheUse.Shared, (await AnsweredAsync(second)).Cached);
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(caller.Token, error.CancellationToken);
        Assert.Equal(CacheUse.Hit, (await AnsweredAsync(AskAsync(Green))).Cached);
        await AnsweredAsync(blocker);
        Assert.Equal(2, _session.Runs.Count);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Ask_AllCallersLeave_NothingRuns(int earlier, int later)
    {
        var blocker = await BlockAsync();
        CancellationTokenSource[] callers = [new(), new()];
        var asked = Array.ConvertAll(callers, caller => AskAsync(Green, token: caller.Token));

        await callers[earlier].CancelAsync();
        await callers[later].CancelAsync();

        foreach (var (caller, answer) in callers.Zip(asked))
            Assert.Equal(caller.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer)).CancellationToken);
        _session.Open();
        await AnsweredAsync(blocker);
        Assert.Single(_session.Runs);
        Assert.Null((await AnsweredAsync(AskAsync(Green))).Cached);
        Array.ForEach(callers, caller => caller.Dispose());
    }

    [Fact]
    public async Task Ask_ItsDeadlinePassesWhileTheOtherRuns_IsRefusedThen()
    {
        _session.Hold();
        var first = AskAsync(Green, request => request with { Deadline = TimeSpan.FromSeconds(5) });
        await _session.NextRunAsync();
        var second = AskAsync(Green, request => request with { Deadline = TimeSpan.FromSeconds(6) });

        _time.Advance(TimeSpan.FromMilliseconds(5999));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(2));

        Assert.Equal(ClassifyFailure.DeadlineExceeded, Assert.IsType<ClassifyRefusal>(await second).Failure);
        _session.Open();
        await first.Guarded();
    }

    [Fact]
    public async Task Ask_FirstIsRefused_TheOtherRunsItself()
    {
        var blocker = await BlockAsync();
        var first = AskAsync(Green, request => request with { Deadline = TimeSpan.FromSeconds(1) });
        var second = AskAsync(Green);

        _time.Advance(TimeSpan.FromMilliseconds(1001));
        Assert.Equal(ClassifyFailure.DeadlineExceeded, Assert.IsType<ClassifyRefusal>(await first.Guarded()).Failure);
        _session.Open();

        Assert.Null((await AnsweredAsync(second)).Cached);
        await AnsweredAsync(blocker);
    }

    public static TheoryData<Func<ClassifyRequest, ClassifyRequest>> MoreUrgent =>
        new() { request => request with { Deadline = TimeSpan.FromSeconds(10) }, request => request with { Priority = 1 } };

    [Theory]
    [MemberData(nameof(MoreUrgent), DisableDiscoveryEnumeration = true)]
    public async Task Ask_MoreUrgentThanTheOne_RunsItself(Func<ClassifyRequest, ClassifyRequest> change)
    {
        var blocker = await BlockAsync();
        var first = AskAsync(Green);
        var urgent = AskAsync(Green, change);
        var third = AskAsync(Green);
        _session.Open();

        Assert.Null((await AnsweredAsync(first)).Cached);
        Assert.Null((await AnsweredAsync(urgent)).Cached);
        Assert.Equal(CacheUse.Shared, (await AnsweredAsync(third)).Cached);
        await AnsweredAsync(blocker);
        Assert.Equal(3, _session.Runs.Count);
    }

    [Fact]
    public async Task Ask_ModelFailed_IsNotKept()
    {
        // Not the zeros by which the engine tells whether the session is to blame.
        _session.Fault = (tensors, _) =>
        {
            if (MemoryMarshal.Cast<byte, float>(tensors.Input(0))[0] != 0)
                throw new InvalidOperationException("broken");
        };
        Assert.Equal(ClassifyFailure.ModelFailed, Assert.IsType<ClassifyRefusal>(await AskAsync(Green).Guarded()).Failure);
        _session.Fault = null;

        Assert.Null((await AnsweredAsync(AskAsync(Green))).Cached);
    }

    [Fact]
    public async Task Ask_AnswerWasCutShort_IsNotKept()
    {
        var auto = new EarlyExitPolicy { Rounds = [new("1") { Confidence = 0.9 }, new("144")] };
        Task<ClassifyOutcome> AskAutoAsync() => AskAsync(Grey, request => request with { Crops = CropMode.Auto, EarlyExit = auto });
        _session.Hold();
        var cut = AskAutoAsync();
        await _session.NextRunAsync();
        var blocker = AskAsync(TestImages.Png(40, 16), request => request with { Crops = CropMode.Crops144 });
        await TestTimeouts.UntilAsync(() => _engine.Catalog.List()[0].QueueDepth > 100);
        _session.Pass();
        Assert.Equal(StopReason.Overloaded, (await AnsweredAsync(cut)).StopReason);
        _session.Open();
        await AnsweredAsync(blocker);

        var whole = await AnsweredAsync(AskAutoAsync());
        Assert.Equal((null, StopReason.Exhausted), (whole.Cached, whole.StopReason));
        Assert.Equal(CacheUse.Hit, (await AnsweredAsync(AskAutoAsync())).Cached);
    }

    private void CountRuns()
    {
        _session.Hold();
        _session.Open();
    }

    /// <summary>Has the only session busy with another image until it is opened.</summary>
    private async Task<Task<ClassifyOutcome>> BlockAsync()
    {
        _session.Hold();
        var blocker = AskAsync(Other, request => request with { Deadline = TimeSpan.FromHours(1) });
        await _session.NextRunAsync();
        return blocker;
    }

    private Task<ClassifyOutcome> AskAsync(
        byte[] image,
        Func<ClassifyRequest, ClassifyRequest>? change = null,
        CancellationToken token = default
    ) => _engine.Pipeline.ClassifyAsync(change?.Invoke(Request(image)) ?? Request(image), token);

    private ClassifyRequest Request(byte[] image) => new() { Image = image, ArrivedAt = _time.GetTimestamp() };

    private static async Task<ClassifyAnswer> AnsweredAsync(Task<ClassifyOutcome> asked) =>
        Assert.IsType<ClassifyAnswer>(await asked.Guarded());
}
