using System.Diagnostics;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference;

/// <summary>One request on its way through the pipeline.</summary>
internal sealed class Visit
{
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(25);

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
        DueAt = request.ArrivedAt + Ticks(allowed);
        LooksDueAt = DueAt - Ticks(allowed / 10 < LongestRest ? allowed / 10 : LongestRest);
    }

    /// <summary>What is asked.</summary>
    public ClassifyRequest Request { get; }

    /// <summary>Its span; default when nobody listens.</summary>
    public ActivityContext Trace { get; }

    /// <summary>Its measurements.</summary>
    public StageClock Clock { get; }

    /// <summary>Its deadline, as a timestamp.</summary>
    public long DueAt { get; }

    /// <summary>When looks that the answer can do without must be done: a little earlier, so that there is time to answer without them.</summary>
    public long LooksDueAt { get; }

    /// <summary>Whether the deadline has passed.</summary>
    public bool IsLate => _time.GetTimestamp() >= DueAt;

    /// <summary>Time left until a timestamp; zero once it has passed.</summary>
    public TimeSpan TimeUntil(long timestamp)
    {
        var now = _time.GetTimestamp();
        return timestamp <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, timestamp);
    }

    /// <summary>A duration in units of a timestamp.</summary>
    public long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Ends with a refusal that the engine explains.</summary>
    /// <param name="failure">Where it stopped.</param>
    /// <param name="retryAfter">When trying again makes sense, if the queue knows; zero if it doesn't.</param>
    public ClassifyRefusal Refuse(ClassifyFailure failure, TimeSpan retryAfter = default) =>
        Refuse(failure, Refusals.Detail(failure, Request.Crops), Refusals.RetryAfter(failure, retryAfter));

    /// <summary>Ends with a refusal.</summary>
    public ClassifyRefusal Refuse(ClassifyFailure failure, string detail, TimeSpan? retryAfter = null) => new(failure, detail, retryAfter, Clock.Stop());
}
