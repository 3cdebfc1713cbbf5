using System.Diagnostics;
using Saccade.Inference.Bundles;
using Saccade.Inference.Telemetry;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Telemetry;

public sealed class TelemetryTests
{
    private static readonly byte[] Image = TestModels.Image(200, 10, 10);

    [Fact]
    public async Task Request_Answered_HistogramsHoldTheNumbersOfItsTimings()
    {
        await using var measured = await MeasuredEngine.StartAsync();

        var timings = Assert.IsType<ClassifyAnswer>(await measured.Engine.ClassifyAsync(Image)).Timings;

        var model = ("model", "colors");
        Assert.Equal(timings.Total.TotalSeconds, measured.Single(InstrumentNames.RequestDuration, model, ("outcome", "answered")));
        Assert.Equal(timings.Decode.TotalSeconds, measured.Single(InstrumentNames.StageDuration, model, ("stage", "decode")));
        Assert.Equal(timings.Preprocess.TotalSeconds, measured.Single(InstrumentNames.StageDuration, model, ("stage", "preprocess")));
        Assert.Equal(timings.Queue.TotalSeconds, measured.Single(InstrumentNames.StageDuration, model, ("stage", "queue")));
        Assert.Equal(timings.Inference.TotalSeconds, measured.Single(InstrumentNames.StageDuration, model, ("stage", "inference")));
        Assert.Equal(1, measured.Single(InstrumentNames.Requests, model, ("outcome", "answered")));
        await TestTimeouts.UntilAsync(() => measured.All(InstrumentNames.BatchSize).Length == 1);
        Assert.Equal(timings.BatchSize, measured.Single(InstrumentNames.BatchSize, model));
    }

    [Fact]
    public async Task Request_RefusedOrCancelled_IsCountedByItsReasonAndOnlyStagesReachedAreRecorded()
    {
        await using var measured = await MeasuredEngine.StartAsync();

        await measured.Engine.ClassifyAsync("no image"u8.ToArray());
        await measured.Engine.ClassifyAsync(Image, model: "a name that a client made up");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => measured.Engine.ClassifyAsync(Image, token: new(canceled: true)));

        Assert.Equal(1, measured.Single(InstrumentNames.Requests, ("model", "colors"), ("outcome", "unsupported_image")));
        Assert.Equal(1, measured.Single(InstrumentNames.Requests, ("model", "none"), ("outcome", "unknown_model")));
        Assert.Equal(1, measured.Single(InstrumentNames.Requests, ("model", "colors"), ("outcome", "cancelled")));
        Assert.Single(measured.All(InstrumentNames.StageDuration)); // the decode that failed
    }

    [Fact]
    public async Task Request_SeveralRounds_LooksMembersAndTheReasonAreCountedAndTheStagesAddedUp()
    {
        await using var measured = await MeasuredEngine.StartAsync();

        var answer = Assert.IsType<ClassifyAnswer>(await measured.Engine.ClassifyAsync(TestModels.Image(90, 90, 90), CropMode.Auto));
        await measured.Engine.ClassifyAsync(Image, CropMode.Crops10);

        Assert.Equal(145, measured.Single(InstrumentNames.Crops, ("model", "colors"), ("crops", "auto")));
        Assert.Equal(10, measured.Single(InstrumentNames.Crops, ("model", "colors"), ("crops", "10")));
        Assert.Equal(1, measured.Single(InstrumentNames.Members, ("model", "colors"), ("crops", "auto")));
        Assert.Equal(1, measured.Single(InstrumentNames.AutoStops, ("model", "colors"), ("reason", "exhausted")));
        Assert.Empty(measured.All(InstrumentNames.MissingMembers));
        Assert.Contains(answer.Timings.Inference.TotalSeconds, measured.All(InstrumentNames.StageDuration));
    }

    [Fact]
    public async Task Cache_AskedTwice_CountsMissAndHitAndComputesOnce()
    {
        await using var measured = await MeasuredEngine.StartAsync(("Cache:Size", "100000"));

        await measured.Engine.ClassifyAsync(Image);
        await measured.Engine.ClassifyAsync(Image);
        await measured.Engine.ClassifyAsync("no image"u8.ToArray());
        await measured.Engine.ClassifyAsync("no image"u8.ToArray());
        measured.CollectGauges();

        Assert.Equal(1, measured.Single(InstrumentNames.CacheRequests, ("model", "colors"), ("result", "hit")));
        Assert.Equal(3, measured.All(InstrumentNames.CacheRequests, ("model", "colors"), ("result", "miss")).Length);
        Assert.Equal(2, measured.All(InstrumentNames.Requests, ("model", "colors"), ("outcome", "answered")).Length);
        Assert.Equal(1, measured.Single(InstrumentNames.Crops, ("model", "colors"), ("crops", "1")));
        Assert.Single(measured.All(InstrumentNames.StageDuration, ("model", "colors"), ("stage", "inference")));
        Assert.InRange(measured.Single(InstrumentNames.CacheSize), 1000, 2000);
        Assert.Empty(measured.All(InstrumentNames.CacheEvictions));
    }

    [Fact]
    public async Task Cache_MoreAnswersThanItHolds_StaysWithinItsSizeAndCountsWhatItGaveUp()
    {
        await using var measured = await MeasuredEngine.StartAsync(("Cache:Size", "8000"));

        for (byte shade = 0; shade < 50; shade++)
        {
            await measured.Engine.ClassifyAsync(TestModels.Image(shade, 0, 0));
            measured.CollectGauges();
        }

        Assert.All(measured.All(InstrumentNames.CacheSize), size => Assert.InRange(size, 0, 8000));
        await TestTimeouts.UntilAsync(() => measured.All(InstrumentNames.CacheEvictions).Length >= 40);
    }

    [Fact]
    public async Task Gauges_IdleEngine_TellQueueAndSessions()
    {
        await using var measured = await MeasuredEngine.StartAsync();

        measured.CollectGauges();

        Assert.Equal(0, measured.Single(InstrumentNames.QueueDepth, ("model", "colors"), ("version", "1")));
        Assert.Equal(
            Environment.ProcessorCount,
            measured.Single(InstrumentNames.Sessions, ("model", "colors"), ("version", "1"), ("state", "idle"))
        );
        Assert.Equal(0, measured.Single(InstrumentNames.Sessions, ("model", "colors"), ("version", "1"), ("state", "busy")));
        Assert.Equal(0, measured.Single(InstrumentNames.Sessions, ("model", "colors"), ("version", "1"), ("state", "unhealthy")));
    }

    [Fact]
    public async Task Spans_RequestUnderAParent_StagesAreItsChildrenAndTheBatchLinksToIt()
    {
        var spans = new List<Activity>();
        using var source = new ActivitySource("test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name is InstrumentNames.Source or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var engine = await EngineHost.StartLoadedAsync(
            new() { ["Models:Path"] = TestModels.Path, ["Execution:Provider"] = "Cpu" }
        );

        using var parent = source.StartActivity("parent")!;
        var timings = Assert.IsType<ClassifyAnswer>(await engine.ClassifyAsync(Image)).Timings;
        parent.Stop();

        // Other tests make spans too: this request's are found by its trace, its batch by the link.
        Activity[] mine = [];
        Activity? batch = null;
        await TestTimeouts.UntilAsync(() =>
        {
            lock (spans)
            {
                mine = [.. spans.Where(span => span.TraceId == parent.TraceId)];
                batch = spans.FirstOrDefault(span =>
                    span.OperationName == "batch" && span.Links.Any(link => link.Context.TraceId == parent.TraceId)
                );
                return batch is not null;
            }
        });
        var request = Assert.Single(mine, span => span.OperationName == "classify");
        Assert.Equal(parent.SpanId, request.ParentSpanId);
        var stages = new[]
        {
            ("decode", 1, timings.Decode),
            ("preprocess", 2, timings.Preprocess),
            ("queue", 1, timings.Queue),
            ("inference", 1, timings.Inference),
        };
        foreach (var (stage, times, duration) in stages)
        {
            var ofStage = mine.Where(span => span.OperationName == stage).ToList();
            Assert.Equal((times, duration), (ofStage.Count, ofStage.Aggregate(TimeSpan.Zero, (sum, span) => sum + span.Duration)));
            Assert.All(ofStage, span => Assert.Equal(request.SpanId, span.ParentSpanId));
        }

        Assert.Equal(request.SpanId, Assert.Single(batch!.Links).Context.SpanId);
        Assert.NotEqual(parent.TraceId, batch.TraceId);
        Assert.Equal(timings.Inference, batch.Duration);
    }

    public static TheoryData<ClassifyFailure> Failures => [.. Enum.GetValues<ClassifyFailure>()];

    [Theory]
    [MemberData(nameof(Failures))]
    public void OutcomeTag_EveryFailure_IsItsNameInSnakeCase(ClassifyFailure failure)
    {
        var expected = string.Concat(
            failure
                .ToString()
                .Select(
                    (letter, i) => char.IsUpper(letter) && i > 0 ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"
                )
        );

        Assert.Equal(expected, OutcomeTag.Of(failure));
    }
}
