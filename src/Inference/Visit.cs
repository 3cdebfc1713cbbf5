using System.Diagnostics;
using Saccade.Inference.Aggregation;
using Saccade.Inference.Models;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference;

/// <summary>One request on its way through the pipeline.</summary>
internal sealed class Visit
{
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;

    /// <summary>Begins.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="time">The clock.</param>
    /// <param name="defaultDeadline">Time allowed to a request that names none.</param>
    /// <param name="trace">Its span; default when nobody listens.</param>
    public Visit(ClassifyRequest request, TimeProvider time, TimeSpan defaultDeadline, ActivityContext trace)
    {
        (Request, _time, Trace) = (request, time, trace);
        Clock = new StageClock(time, request.ArrivedAt);
        var allowed = request.Deadline ?? defaultDeadline;
        if (allowed > LongestDeadline) allowed = LongestDeadline;
        DueAt = request.ArrivedAt + (long)(allowed.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>What is asked.</summary>
    public ClassifyRequest Request { get; }

    /// <summary>Its span; default when nobody listens.</summary>
    public ActivityContext Trace { get; }

    /// <summary>Its measurements.</summary>
    public StageClock Clock { get; }

    /// <summary>Its deadline, as a timestamp.</summary>
    public long DueAt { get; }

    /// <summary>Whether the deadline has passed.</summary>
    public bool IsLate => _time.GetTimestamp() >= DueAt;

    /// <summary>How many crops will be looked at; known before the image is.</summary>
    public int Crops => Request.Crops.Crops;

    /// <summary>Ends with a refusal that the engine explains.</summary>
    /// <param name="failure">Where it stopped.</param>
    /// <param name="retryAfter">When trying again makes sense, if the queue knows; zero if it doesn't.</param>
    public ClassifyRefusal Refuse(ClassifyFailure failure, TimeSpan retryAfter = default) =>
        Refuse(failure, Refusals.Detail(failure), retryAfter > TimeSpan.Zero ? retryAfter : Refusals.RetryAfter(failure));

    /// <summary>Ends with a refusal.</summary>
    public ClassifyRefusal Refuse(ClassifyFailure failure, string detail, TimeSpan? retryAfter = null) => new(failure, detail, retryAfter, Clock.Stop());

    /// <summary>Ends with labels.</summary>
    /// <param name="model">What answered.</param>
    /// <param name="scores">Of every crop.</param>
    public Classification Answer(ModelRuntime model, ScoreAggregator scores)
    {
        var mean = new float[scores.Classes];
        scores.WriteMean(mean);
        var labels = model.Manifest.Labels;
        var predictions = Array.ConvertAll(TopScores.Select(mean, Request.TopK), best => new Prediction(labels[best.Index], best.Index, best.Score));
        return new(model.Name, model.Version, Request.Crops, Crops, predictions, Clock.Stop());
    }
}
