using Microsoft.Extensions.DependencyInjection;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Classification;

/// <summary>Ensembles whose members don't do well, with networks that the test holds by the hand.</summary>
public sealed class MemberFailureTests : IAsyncLifetime
{
    private static readonly byte[] Image = TestModels.Image(10, 200, 10);

    private readonly GatedModelSession _left = new();
    private readonly GatedModelSession _right = new();
    private readonly FakeTimeProvider _time = new();
    private readonly TempModels _models = new TempModels()
        .Colors("left")
        .Colors("right")
        .Ensemble("strict", """{"members":[{"model":"left"},{"model":"right"}]}""")
        .Ensemble("lenient", """{"members":[{"model":"left"},{"model":"right"}],"whenMissing":"answer"}""");

    private EngineHost _engine = null!;

    public async Task InitializeAsync() =>
        _engine = await EngineHost.StartLoadedAsync(
            new(_models.Settings)
            {
                ["Execution:Sessions"] = "1",
                ["Execution:IntraOpThreads"] = "1",
                ["Batching:MaxBatchSize"] = "4",
                ["Batching:QueueCapacity"] = "12",
                ["Batching:DefaultDeadline"] = "00:00:05",
            },
            services =>
                services
                    .AddSingleton<TimeProvider>(_time)
                    .AddSingleton<ModelSessionFactory>((path, _) => path.Contains("left", StringComparison.Ordinal) ? _left : _right)
        );

    public async Task DisposeAsync()
    {
        _left.Open();
        _right.Open();
        await _engine.DisposeAsync();
        _models.Dispose();
    }

    [Fact]
    public async Task ClassifyAsync_TwoMembers_RunAtTheSameTimeInTheirOwnQueues()
    {
        _left.Hold();
        _right.Hold();

        var answer = _engine.ClassifyAsync(Image, model: "strict");

        Assert.Equal((1, 1), (await _left.NextRunAsync(), await _right.NextRunAsync()));
        Assert.False(answer.IsCompleted);
        _left.Open();
        _right.Open();
        Assert.Equal(["left", "right"], Assert.IsType<ClassifyAnswer>(await answer).Members);
    }

    [Fact]
    public async Task ClassifyAsync_OneMemberRunsLongAfterTheOther_StillSeesTheSameImage()
    {
        _right.Hold();
        var blocker = _engine.ClassifyAsync(Image, model: "right");
        await _right.NextRunAsync();
        _left.Hold();
        var both = _engine.ClassifyAsync(Image, CropMode.Crops10, "strict");
        _left.Open();
        await TestTimeouts.UntilAsync(() => _left.Runs.Sum() == 10);

        // Other images pass through the memory that the faster member has let go of.
        for (var i = 0; i < 20; i++)
            Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(TestModels.Image(200, 10, 10), CropMode.Crops10, "left"));
        _right.Open();

        var best = Assert.IsType<ClassifyAnswer>(await both).Predictions[0];
        Assert.Equal(("green", 1), (best.Label, Math.Round(best.Probability, 3)));
        await blocker;
    }

    [Fact]
    public async Task ClassifyAsync_MemberFails_StrictRefusesAndLenientAnswersWithoutIt()
    {
        _right.Fault = (_, _) => throw new InvalidOperationException("the device is on fire");

        var refusal = Assert.IsType<ClassifyRefusal>(await _engine.ClassifyAsync(Image, model: "strict"));
        Assert.Equal((ClassifyFailure.ModelFailed, "Member 'right': The model failed on this request."), (refusal.Failure, refusal.Detail));

        await TestTimeouts.UntilAsync(() =>
            _engine.Catalog.List().Single(model => model.Name == "right").State == Inference.Models.ModelState.Failed
        );
        var answer = Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(Image, model: "lenient"));
        Assert.Equal(["left"], answer.Members);
        Assert.Equal(("right", 1, "green"), (Assert.Single(answer.Missing).Name, answer.CropsUsed, answer.Predictions[0].Label));
    }

    [Fact]
    public async Task ClassifyAsync_MemberIsLate_LenientAnswersWithoutItBeforeTheDeadline()
    {
        _right.Hold();
        var answer = _engine.ClassifyAsync(Image, model: "lenient", deadline: TimeSpan.FromMilliseconds(1000));
        await _right.NextRunAsync();
        // Behind the ensemble's crop in the same queue: once it is answered, that one has been.
        Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(Image, model: "left"));

        _time.Advance(TimeSpan.FromMilliseconds(974));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(2));

        var labels = Assert.IsType<ClassifyAnswer>(await answer);
        Assert.Equal(["left"], labels.Members);
        Assert.Equal([new MissingMember("right", ClassifyFailure.DeadlineExceeded)], labels.Missing);
        Assert.True(labels.Timings.Total < TimeSpan.FromMilliseconds(1000));
    }

    [Fact]
    public async Task ClassifyAsync_MemberIsLate_StrictRefusesAtTheDeadline()
    {
        _right.Hold();
        var answer = _engine.ClassifyAsync(Image, model: "strict", deadline: TimeSpan.FromMilliseconds(1000));
        await _right.NextRunAsync();

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(2));

        Assert.Equal(ClassifyFailure.DeadlineExceeded, Assert.IsType<ClassifyRefusal>(await answer).Failure);
    }

    [Fact]
    public async Task ClassifyAsync_MembersQueueIsFull_StrictRefusesAndGivesTheOthersRoomBack()
    {
        _right.Hold();
        var blocker = _engine.ClassifyAsync(Image, CropMode.Crops10, "right");
        await _right.NextRunAsync();

        for (var i = 0; i < 5; i++)
        {
            var refusal = Assert.IsType<ClassifyRefusal>(await _engine.ClassifyAsync(Image, CropMode.Crops10, "strict"));
            Assert.Equal((ClassifyFailure.QueueFull, true), (refusal.Failure, refusal.RetryAfter > TimeSpan.Zero));
        }

        var lenient = Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(Image, CropMode.Crops10, "lenient"));
        Assert.Equal([new MissingMember("right", ClassifyFailure.QueueFull)], lenient.Missing);
        Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(Image, CropMode.Crops10, "left"));
        _right.Open();
        Assert.IsType<ClassifyAnswer>(await blocker);
    }

    [Fact]
    public async Task ClassifyAsync_NoMemberCanAnswer_EvenLenientRefuses()
    {
        _left.Fault = _right.Fault = (_, _) => throw new InvalidOperationException("the device is on fire");

        var refusal = Assert.IsType<ClassifyRefusal>(await _engine.ClassifyAsync(Image, model: "lenient"));

        Assert.Equal(ClassifyFailure.ModelFailed, refusal.Failure);
    }

    [Fact]
    public async Task ClassifyAsync_CallerCancels_BothMembersForgetTheRequest()
    {
        _left.Hold();
        _right.Hold();
        using var caller = new CancellationTokenSource();
        var dead = _engine.ClassifyAsync(Image, CropMode.Crops10, "strict", token: caller.Token);
        await _left.NextRunAsync();
        await _right.NextRunAsync();

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dead);
        _left.Open();
        _right.Open();
        await TestTimeouts.UntilAsync(() => _engine.Catalog.List().All(model => model.QueueDepth == 0));
        Assert.IsType<ClassifyAnswer>(await _engine.ClassifyAsync(Image, CropMode.Crops10, "strict"));
    }
}
