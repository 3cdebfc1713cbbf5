using System.Diagnostics;
using Saccade.Inference.Bundles;
using Saccade.Inference.Models;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Classification;

/// <summary>One request on its way through a pipeline: whom it asks, until when, and where its time went.</summary>
internal sealed class RequestContext
{
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(25);

    private readonly TimeProvider _time;

    /// <summary>Begins.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="arrivedAt">When the request arrived, as a timestamp.</param>
    /// <param name="deadline">Time allowed from then on; anything above a day means a day.</param>
    public RequestContext(TimeProvider time, long arrivedAt, TimeSpan deadline)
    {
        _time = time;
        Clock = new StageClock(time, arrivedAt);
        var allowed = deadline > LongestDeadline ? LongestDeadline : deadline;
        DueAt = arrivedAt + Ticks(allowed);
        OptionalDueAt = DueAt - Ticks(allowed / 10 < LongestRest ? allowed / 10 : LongestRest);
    }

    /// <summary>Which model it asks.</summary>
    public required ModelQuery Query { get; init; }

    /// <summary>Larger is more urgent.</summary>
    public int Priority { get; init; }

    /// <summary>Its span; default when nobody listens.</summary>
    public ActivityContext Trace { get; init; }

    /// <summary>Its measurements.</summary>
    public StageClock Clock { get; }

    /// <summary>Its deadline, as a timestamp.</summary>
    public long DueAt { get; }

    /// <summary>
    /// When crops that the answer can do without must be done: a little earlier, so that there is time to answer without them.
    /// </summary>
    public long OptionalDueAt { get; }

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
    /// <param name="crops">The plan that was asked for, if that is what it stopped at.</param>
    /// <param name="member">Which member of an ensemble it stopped at; null if none was asked.</param>
    public ClassifyRefusal Refuse(
        ClassifyFailure failure,
        TimeSpan retryAfter = default,
        CropMode crops = default,
        string? member = null
    ) => Refuse(failure, Refusals.Detail(failure, crops, member), Refusals.RetryAfter(failure, retryAfter));

    /// <summary>Ends with a refusal.</summary>
    public ClassifyRefusal Refuse(ClassifyFailure failure, string detail, TimeSpan? retryAfter = null) =>
        new(failure, detail, retryAfter, Clock.Stop());
}
