namespace Saccade.TestSupport;

/// <summary>Time that stands still until a test moves it. Timers fire inside <see cref="Advance"/>, on the test's thread.</summary>
public sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Unlike the system's, so that code which confuses timestamps with ticks is found out.</summary>
    public override long TimestampFrequency => 1_000_000_007;

    /// <summary>Whether timers stay silent, as if they came late.</summary>
    public bool TimersAsleep { get; set; }

    /// <summary>Timers that have not fired and are not disposed.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_gate)
                return _timers.Count(timer => timer.Due is not null);
        }
    }

    /// <summary>Whether a timer was set, at this very moment of the standing time, to fire after <paramref name="delay"/>.</summary>
    public bool IsArmedFor(TimeSpan delay)
    {
        lock (_gate)
            return _timers.Any(timer => timer.Due == _now + delay);
    }

    /// <summary>How long until the next timer fires; there must be one.</summary>
    public TimeSpan UntilNextTimer
    {
        get
        {
            lock (_gate)
                return _timers.Min(timer => timer.Due)!.Value - _now;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() =>
        (long)((Int128)(GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <summary>Moves time forward, stopping at every timer on the way.</summary>
    public void Advance(TimeSpan by)
    {
        DateTimeOffset end;
        lock (_gate)
            end = _now + by;
        while (!TimersAsleep && NextDue(end) is { } timer)
            timer.Fire();
        lock (_gate)
            _now = end;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan)
            throw new NotSupportedException("Timers here fire once.");
        var timer = new FakeTimer(this, callback, state);
        lock (_gate)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private FakeTimer? NextDue(DateTimeOffset end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is null)
                return null;
            if (next.Due > _now)
                _now = next.Due!.Value;
            next.Due = null;
            return next;
        }
    }

    private sealed class FakeTimer(FakeTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool now;
            lock (owner._gate)
            {
                now = dueTime == TimeSpan.Zero;
                Due = now || dueTime == Timeout.InfiniteTimeSpan ? null : owner._now + dueTime;
            }

            if (now)
                ThreadPool.UnsafeQueueUserWorkItem(_ => Fire(), null);
            return true;
        }

        public void Dispose()
        {
            lock (owner._gate)
                owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
