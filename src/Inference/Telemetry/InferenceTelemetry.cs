using System.Diagnostics;
using System.Diagnostics.Metrics;
using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Telemetry;

/// <summary>Every measurement and span of the engine. Call sites say what happened; names and tags are known here alone.</summary>
internal sealed class InferenceTelemetry : IDisposable
{
    // Seconds. A small network answers in a millisecond, a hundred crops on a busy CPU take ten seconds.
    private static readonly double[] DurationBuckets =
    [
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.0075,
        0.01,
        0.015,
        0.02,
        0.03,
        0.05,
        0.075,
        0.1,
        0.15,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
    ];

    private static readonly int[] SizeBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    // A small network loads in a tenth of a second, a large one onto a GPU in a minute.
    private static readonly double[] LoadBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _stageDuration;
    private readonly Histogram<int> _batchSize;
    private readonly Counter<long> _requests;
    private readonly Histogram<int> _crops;
    private readonly Histogram<int> _members;
    private readonly Counter<long> _missing;
    private readonly Counter<long> _stops;
    private readonly Counter<long> _cacheRequests;
    private readonly Counter<long> _cacheEvictions;
    private readonly Histogram<double> _loadDuration;
    private readonly Counter<long> _unloads;
    private readonly ActivitySource _source = new(InstrumentNames.Source);
    private bool _isPaused;

    public InferenceTelemetry(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _meter = meters.Create(InstrumentNames.Source);
        var durations = new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets };
        _requestDuration = _meter.CreateHistogram(
            InstrumentNames.RequestDuration,
            "s",
            "Time from the arrival of a classification request to its answer.",
            tags: null,
            durations
        );
        _stageDuration = _meter.CreateHistogram(
            InstrumentNames.StageDuration,
            "s",
            "Time a classification request spent in one stage.",
            tags: null,
            durations
        );
        _batchSize = _meter.CreateHistogram(
            InstrumentNames.BatchSize,
            "{crop}",
            "Crops in one run of a network.",
            tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = SizeBuckets }
        );
        _requests = _meter.CreateCounter<long>(InstrumentNames.Requests, "{request}", "Classification requests by what became of them.");
        var sizes = new InstrumentAdvice<int> { HistogramBucketBoundaries = SizeBuckets };
        _crops = _meter.CreateHistogram(InstrumentNames.Crops, "{crop}", "Crops that an answer is made of.", tags: null, sizes);
        _members = _meter.CreateHistogram(InstrumentNames.Members, "{model}", "Models that an answer is made of.", tags: null, sizes);
        _missing = _meter.CreateCounter<long>(
            InstrumentNames.MissingMembers,
            "{member}",
            "Members of ensembles that answers had to do without."
        );
        _stops = _meter.CreateCounter<long>(InstrumentNames.AutoStops, "{request}", "Requests for auto by why there was no further round.");
        _cacheRequests = _meter.CreateCounter<long>(
            InstrumentNames.CacheRequests,
            "{request}",
            "Requests that asked the cache of answers, by what it could do for them."
        );
        _cacheEvictions = _meter.CreateCounter<long>(
            InstrumentNames.CacheEvictions,
            "{answer}",
            "Answers that the cache gave up for want of room."
        );
        _loadDuration = _meter.CreateHistogram(
            InstrumentNames.LoadDuration,
            "s",
            "Attempts to load a version of a model, from reading its files to its last warm-up run.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = LoadBuckets }
        );
        _unloads = _meter.CreateCounter<long>(
            InstrumentNames.Unloads,
            "{version}",
            "Versions of models that were taken out of service, or replaced by a newer load, while the service went on."
        );
    }

    /// <summary>Whether nothing is counted: while the service warms itself up.</summary>
    public bool IsPaused
    {
        get => Volatile.Read(ref _isPaused);
        set => Volatile.Write(ref _isPaused, value);
    }

    /// <summary>Publishes the state of the models as gauges.</summary>
    /// <param name="models">Called at every collection.</param>
    public void Observe(Func<IEnumerable<ModelGauges>> models)
    {
        _meter.CreateObservableGauge(
            InstrumentNames.QueueDepth,
            () => models().Select(model => new Measurement<int>(model.Queued, new("model", model.Model), new("version", model.Version))),
            "{crop}",
            "Crops that wait for a session."
        );
        _meter.CreateObservableGauge(
            InstrumentNames.QueueWait,
            () =>
                models()
                    .Select(model => new Measurement<double>(
                        model.Wait.TotalSeconds,
                        new("model", model.Model),
                        new("version", model.Version)
                    )),
            "s",
            "Predicted time until a crop that came now, behind all others, would be answered."
        );
        _meter.CreateObservableGauge(
            InstrumentNames.Sessions,
            () => models().SelectMany(Sessions),
            "{session}",
            "Runs a model can make at once, by state."
        );
    }

    /// <summary>Publishes the state of the memory to decode in as gauges.</summary>
    /// <param name="held">Bytes that requests hold, called at every collection.</param>
    /// <param name="waiting">Requests that wait for some.</param>
    public void ObserveMemory(Func<long> held, Func<int> waiting)
    {
        _meter.CreateObservableGauge(InstrumentNames.DecodeMemory, held, "By", "Memory to decode in that requests hold.");
        _meter.CreateObservableGauge(InstrumentNames.DecodeWaiting, waiting, "{request}", "Requests that wait for memory to decode in.");
    }

    /// <summary>Publishes how much the cache of answers keeps as a gauge.</summary>
    /// <param name="size">Bytes, called at every collection.</param>
    public void ObserveCache(Func<long> size) =>
        _meter.CreateObservableGauge(InstrumentNames.CacheSize, size, "By", "Memory of the answers that the cache keeps, by estimate.");

    /// <summary>Starts the span of one request; null when nobody listens.</summary>
    /// <param name="kind">The span's name.</param>
    public Activity? RequestStarted(string kind) => IsPaused ? null : _source.StartActivity(kind);

    /// <summary>One request ended.</summary>
    /// <param name="span">From <see cref="RequestStarted"/>.</param>
    /// <param name="model">Name of the model that was asked; null when there is no such model.</param>
    /// <param name="outcome">See <see cref="OutcomeTag"/>.</param>
    /// <param name="clock">Stopped.</param>
    public void RequestEnded(Activity? span, string? model, string outcome, StageClock clock)
    {
        if (IsPaused)
            return;

        // The name a client sent is no tag: anyone could make as many series as they like.
        var modelTag = new KeyValuePair<string, object?>("model", model ?? "none");
        var outcomeTag = new KeyValuePair<string, object?>("outcome", outcome);
        _requests.Add(1, modelTag, outcomeTag);
        _requestDuration.Record(clock.Total.TotalSeconds, modelTag, outcomeTag);
        RecordStage("decode", clock.Decode, modelTag);
        RecordStages("preprocess", clock.Preprocess, modelTag);
        RecordStages("queue", clock.Queue, modelTag);
        RecordStages("inference", clock.Inference, modelTag);
        if (span is null)
            return;

        var arrivedAt = _time.GetUtcNow() - _time.GetElapsedTime(clock.ArrivedAt);
        span.SetTag("saccade.model", model).SetTag("saccade.outcome", outcome).SetTag("saccade.batch.size", clock.BatchSize);
        if (outcome is not OutcomeTag.Answered)
            span.SetStatus(ActivityStatusCode.Error, outcome);
        TraceStage("decode", clock.Decode, span, arrivedAt);
        foreach (var round in clock.Preprocess)
            TraceStage("preprocess", round, span, arrivedAt);
        foreach (var round in clock.Queue)
            TraceStage("queue", round, span, arrivedAt);
        foreach (var round in clock.Inference)
            TraceStage("inference", round, span, arrivedAt);
    }

    /// <summary>An image was answered for.</summary>
    public void Answered(ClassifyAnswer answer)
    {
        if (IsPaused)
            return;
        var model = new KeyValuePair<string, object?>("model", answer.Model);
        var crops = new KeyValuePair<string, object?>("crops", answer.CropsRequested.ToString());
        _crops.Record(answer.CropsUsed, model, crops);
        _members.Record(answer.Members.Count, model, crops);
        foreach (var missing in answer.Missing)
            _missing.Add(1, model, new("member", missing.Name), new("reason", OutcomeTag.Of(missing.Reason)));
        if (answer.StopReason is { } reason)
            _stops.Add(1, model, new("reason", OutcomeTag.Of(reason)));
    }

    /// <summary>A request asked the cache of answers.</summary>
    /// <param name="model">Name of the model that was asked.</param>
    /// <param name="use">What it got from there; null if nothing.</param>
    public void CacheAsked(string model, CacheUse? use) => _cacheRequests.Add(1, new("model", model), new("result", OutcomeTag.Of(use)));

    /// <summary>The cache gave an answer up for want of room.</summary>
    public void AnswerEvicted() => _cacheEvictions.Add(1);

    /// <summary>One batch ran. Its span has no parent: it links to every request that had a crop in it.</summary>
    public void BatchRan(string model, ReadOnlySpan<PendingCrop> crops, TimeSpan run)
    {
        _batchSize.Record(crops.Length, new KeyValuePair<string, object?>("model", model));
        if (!_source.HasListeners())
            return;

        var links = crops
            .ToArray()
            .Select(crop => crop.Request.Trace)
            .Where(context => context != default)
            .Distinct()
            .Select(context => new ActivityLink(context));
        var endedAt = _time.GetUtcNow();
        using var span = _source.StartActivity("batch", ActivityKind.Internal, parentContext: default, tags: null, links, endedAt - run);
        span?.SetTag("saccade.model", model).SetTag("saccade.batch.size", crops.Length).SetEndTime(endedAt.UtcDateTime);
    }

    /// <summary>A version was loaded, or refused.</summary>
    public void ModelLoaded(string model, string version, bool loaded, TimeSpan elapsed) =>
        _loadDuration.Record(
            elapsed.TotalSeconds,
            new("model", model),
            new("version", version),
            new("outcome", loaded ? "loaded" : "refused")
        );

    /// <summary>A version was taken out of service, or replaced by a newer load of itself.</summary>
    public void ModelUnloaded(string model, string version) => _unloads.Add(1, new("model", model), new("version", version));

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _meter.Dispose();
    }

    private void RecordStage(string stage, Stage measured, KeyValuePair<string, object?> modelTag)
    {
        if (measured != default)
            _stageDuration.Record(measured.Duration.TotalSeconds, new("stage", stage), modelTag);
    }

    private void RecordStages(string stage, IReadOnlyList<Stage> rounds, KeyValuePair<string, object?> modelTag)
    {
        if (rounds.Count > 0)
            RecordStage(stage, new(rounds[0].Start, StageClock.Sum(rounds)), modelTag);
    }

    private void TraceStage(string stage, Stage measured, Activity parent, DateTimeOffset arrivedAt)
    {
        if (measured == default)
            return;
        var start = arrivedAt + measured.Start;
        using var span = _source.StartActivity(stage, ActivityKind.Internal, parent.Context, startTime: start);
        span?.SetEndTime((start + measured.Duration).UtcDateTime);
    }

    private static IEnumerable<Measurement<int>> Sessions(ModelGauges model)
    {
        yield return In("busy", model.Busy);
        yield return In("idle", Math.Max(0, model.Healthy - model.Busy));
        yield return In("unhealthy", model.Total - model.Healthy);

        Measurement<int> In(string state, int count) =>
            new(count, new("model", model.Model), new("version", model.Version), new("state", state));
    }
}
