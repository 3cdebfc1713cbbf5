using System.Diagnostics;
using Saccade.Inference.Batching;

namespace Saccade.Inference.Queueing;

/// <content>Who may enter: room, and a forecast that the deadline can be met.</content>
internal sealed partial class CropQueue
{
    /// <summary>Keeps room for a request's crops, all or nothing, before any work is done for it.</summary>
    /// <param name="crops">How many, at least 1.</param>
    /// <param name="dueAt">Deadline, as a timestamp.</param>
    /// <param name="priority">Larger goes first.</param>
    /// <param name="retryAfter">When refused for lack of room or time: when trying again makes sense.</param>
    /// <returns>Null, or why it may not enter.</returns>
    /// <remarks>
    /// A request is refused when its own deadline can't be met, and when it would go before others that have been promised theirs and would lose it.
    /// An idle queue takes everything: its estimate may be wrong, and only runs correct it.
    /// </remarks>
    public ClassifyFailure? TryReserve(int crops, long dueAt, int priority, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            retryAfter = TimeSpan.Zero;
            if (_closed is { } reason) return reason;
            var backlog = _waiting.Count + _reserved;
            if (backlog + crops > setup.Capacity)
            {
                retryAfter = RetryAfter(Forecast_NeedsLock().SecondsToFinish(Math.Max(1, backlog)));
                return ClassifyFailure.QueueFull;
            }

            if (backlog + _running.Count > 0 && Excess_NeedsLock(crops, dueAt, priority) is > 0 and var excess)
            {
                retryAfter = RetryAfter(excess);
                return ClassifyFailure.DeadlineUnreachable;
            }

            _reserved += crops;
            _reservations++;
            return null;
        }
    }

    /// <summary>How long so many more crops would take, by what runs have cost so far; zero while nothing is known of that.</summary>
    /// <param name="crops">How many, at least 1.</param>
    /// <param name="dueAt">Their deadline, as a timestamp.</param>
    /// <param name="priority">Larger goes first.</param>
    /// <remarks>Unlike <see cref="TryReserve"/> it does not give an idle queue the benefit of the doubt: it is for work that can be left undone.</remarks>
    public TimeSpan TimeToServe(int crops, long dueAt, int priority)
    {
        lock (_gate)
        {
            var forecast = Forecast_NeedsLock();
            return forecast.Cost.IsKnown ? TimeSpan.FromSeconds(forecast.SecondsToPromise(Behind_NeedsLock(crops, dueAt, priority))) : TimeSpan.Zero;
        }
    }

    /// <summary>Gives reserved room back: the request ended before it could enter.</summary>
    public void Release(int crops)
    {
        lock (_gate)
        {
            Unreserve_NeedsLock(crops);
            AfterChange_NeedsLock();
        }
    }

    /// <summary>By how many seconds a promise would be broken if this request came in; 0 or less if none would.</summary>
    private double Excess_NeedsLock(int crops, long dueAt, int priority)
    {
        var forecast = Forecast_NeedsLock();
        if (!forecast.Cost.IsKnown) return 0;
        var now = time.GetTimestamp();
        var first = Urgency.Of(dueAt, now, 0, crops, priority, _priorityStep);
        var own = forecast.SecondsToPromise(Behind_NeedsLock(crops, dueAt, priority)) - Seconds(dueAt - now);
        if (own > 0) return own;

        var overtaken = new Overtaken(forecast, now, Seconds(1), crops);
        return _waiting.AllBehind(first, _waiting.CountAhead(first) + Entering_NeedsLock(crops), overtaken, static (state, crop, ahead) => state.Keeps(crop, ahead))
            ? 0
            : forecast.SecondsToFinish(_waiting.Count);
    }

    /// <summary>Crops that will be done when the last of a request's crops is.</summary>
    private int Behind_NeedsLock(int crops, long dueAt, int priority)
    {
        var last = Urgency.Of(dueAt, time.GetTimestamp(), crops - 1, crops, priority, _priorityStep);
        return _waiting.CountAhead(last) + Entering_NeedsLock(crops) + crops;
    }

    /// <summary>
    /// Those that hold a reservation will enter any moment; they let others pass as a request of <paramref name="crops"/> does, so as many of their
    /// crops count at most.
    /// </summary>
    private int Entering_NeedsLock(int crops) => (int)Math.Min(_reserved, (long)_reservations * crops);

    private PoolForecast Forecast_NeedsLock()
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        var cost = _cost.Line;
        var now = time.GetTimestamp();
        var underway = 0.0;
        foreach (var batch in _running)
        {
            // A run that is over its time will end soon; how soon is anyone's guess.
            var whole = cost.Seconds(_limits.Sizes.RowsFor(Math.Clamp(batch.Count, 1, _limits.Sizes.Maximum)));
            underway += Math.Max(whole / 10, whole - Seconds(now - batch.TakenAt));
        }

        return new(cost, _limits.Sizes, _limits.Sharers, _running.Count, underway) { Spread = _cost.Spread };
    }

    private void Unreserve_NeedsLock(int crops)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        _reserved -= crops;
        _reservations--;
        Debug.Assert(_reserved >= 0 && _reservations >= 0, "gave back more than was reserved");
    }

    private double Seconds(long timestamps) => (double)timestamps / time.TimestampFrequency;

    private static TimeSpan RetryAfter(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0.001, 60));

    /// <summary>Whether those who would be overtaken keep their promise.</summary>
    /// <param name="Forecast">The pool's.</param>
    /// <param name="Now">As a timestamp.</param>
    /// <param name="Unit">Seconds of one timestamp unit.</param>
    /// <param name="Crops">Crops that would overtake.</param>
    private readonly record struct Overtaken(PoolForecast Forecast, long Now, double Unit, int Crops)
    {
        public bool Keeps(PendingCrop crop, int ahead)
        {
            var left = (crop.Request.DueAt - Now) * Unit;
            // Who is late anyway can't be saved by refusing others.
            return Forecast.SecondsToPromise(ahead + 1) > left || Forecast.SecondsToPromise(ahead + 1 + Crops) <= left;
        }
    }
}
