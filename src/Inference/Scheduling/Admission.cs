namespace Saccade.Inference.Scheduling;

/// <summary>
/// Who may enter a queue: room, and a forecast that the deadline can be met. Pure, over the queue as it is at one moment.
/// </summary>
/// <param name="Waiting">Crops that wait.</param>
/// <param name="Reserved">Crops of requests that have room and have not entered yet.</param>
/// <param name="Reservations">How many such requests there are.</param>
/// <param name="Setup">The queue's.</param>
/// <param name="Forecast">The pool's.</param>
/// <param name="Now">As a timestamp.</param>
/// <param name="Frequency">Timestamp units in a second.</param>
internal readonly record struct Admission(
    WaitingCrops Waiting,
    int Reserved,
    int Reservations,
    QueueSetup Setup,
    PoolForecast Forecast,
    long Now,
    long Frequency
)
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    /// <summary>Why a request may not enter; null if it may.</summary>
    /// <param name="crops">How many crops it has, at least 1.</param>
    /// <param name="dueAt">Deadline, as a timestamp.</param>
    /// <param name="priority">Larger goes first.</param>
    /// <param name="retryAfter">When refused: when trying again makes sense.</param>
    /// <remarks>
    /// A request is refused when its own deadline can't be met, and when it would go before others that have been promised theirs and would
    /// lose it. An idle queue takes everything: its estimate may be wrong, and only runs correct it.
    /// </remarks>
    public ClassifyFailure? Refusal(int crops, long dueAt, int priority, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        var backlog = Waiting.Count + Reserved;
        if (backlog + crops > Setup.Capacity)
        {
            retryAfter = RetryAfter(Forecast.SecondsToFinish(Math.Max(1, backlog)));
            return ClassifyFailure.QueueFull;
        }

        if (backlog + Forecast.Running == 0 || Excess(crops, dueAt, priority) is not (> 0 and var excess))
            return null;
        retryAfter = RetryAfter(excess);
        return ClassifyFailure.DeadlineUnreachable;
    }

    /// <summary>How long so many more crops would take, by what runs have cost so far; zero while nothing is known of that.</summary>
    /// <inheritdoc cref="Refusal" path="/param"/>
    /// <remarks>
    /// Unlike <see cref="Refusal"/> it does not give an idle queue the benefit of the doubt: it is for work that can be left undone.
    /// </remarks>
    public TimeSpan TimeToServe(int crops, long dueAt, int priority) =>
        Forecast.Cost.IsKnown ? TimeSpan.FromSeconds(Forecast.SecondsToPromise(Behind(crops, dueAt, priority))) : TimeSpan.Zero;

    /// <summary>By how many seconds a promise would be broken if this request came in; 0 or less if none would.</summary>
    private double Excess(int crops, long dueAt, int priority)
    {
        if (!Forecast.Cost.IsKnown)
            return 0;
        var own = Forecast.SecondsToPromise(Behind(crops, dueAt, priority)) - Seconds(dueAt - Now);
        if (own > 0)
            return own;

        var first = Urgency.Of(dueAt, Now, 0, crops, priority, PriorityStep);
        var ahead = Waiting.CountAhead(first);
        for (var place = ahead; place < Waiting.Count; place++)
        {
            if (!Keeps(Waiting[place], place + Entering(crops), crops))
                return Forecast.SecondsToFinish(Waiting.Count);
        }

        return 0;
    }

    /// <summary>
    /// Whether a crop that would be overtaken is still in time. One that is late anyway can't be saved by refusing others.
    /// </summary>
    /// <param name="crop">Which.</param>
    /// <param name="ahead">Crops before it now.</param>
    /// <param name="overtaking">Crops that would overtake it.</param>
    private bool Keeps(PendingCrop crop, int ahead, int overtaking)
    {
        var left = Seconds(crop.Request.DueAt - Now);
        return Forecast.SecondsToPromise(ahead + 1) > left || Forecast.SecondsToPromise(ahead + 1 + overtaking) <= left;
    }

    /// <summary>Crops that will be done when the last of a request's crops is.</summary>
    private int Behind(int crops, long dueAt, int priority)
    {
        var last = Urgency.Of(dueAt, Now, crops - 1, crops, priority, PriorityStep);
        return Waiting.CountAhead(last) + Entering(crops) + crops;
    }

    /// <summary>
    /// Those that hold a reservation will enter any moment; they let others pass as a request of <paramref name="crops"/> does, so as many
    /// of their crops count at most.
    /// </summary>
    private int Entering(int crops) => (int)Math.Min(Reserved, (long)Reservations * crops);

    private long PriorityStep => (long)(Setup.PriorityStep.TotalSeconds * Frequency);

    private double Seconds(long timestamps) => (double)timestamps / Frequency;

    private static TimeSpan RetryAfter(double seconds) =>
        TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestRetry.TotalSeconds, LongestRetry.TotalSeconds));
}
