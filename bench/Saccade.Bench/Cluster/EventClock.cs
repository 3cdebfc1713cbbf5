namespace Saccade.Bench.Cluster;

/// <summary>
/// Time that jumps from one event to the next. Everything runs on the thread that calls <see cref="Run"/>, continuations of awaited tasks
/// included, so what happens depends on nothing but the events: first by time, then in the order in which they were planned.
/// </summary>
internal sealed class EventClock : TimeProvider
{
    // Numbers in the queue and what happens beside it: moving references about in a large array would keep the garbage collector busy.
    // By time, then by the order of planning, in one number: a tuple takes several times as long to compare.
    private readonly PriorityQueue<int, UInt128> _events = new();
    private readonly List<Action?> _happenings = [];
    private readonly Stack<int> _free = [];
    private long _now;
    private ulong _planned;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Time since the start.</summary>
    public TimeSpan Now => new(_now);

    /// <inheritdoc/>
    public override long GetTimestamp() => _now;

    /// <summary>Plans an event.</summary>
    /// <param name="delay">From now; what would lie in the past happens now.</param>
    /// <param name="happen">What happens.</param>
    public void After(TimeSpan delay, Action happen) => Plan(delay, happen);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        period == Timeout.InfiniteTimeSpan
            ? new Timer(this, () => callback(state), dueTime)
            : throw new NotSupportedException("Nothing here repeats itself.");

    /// <summary>Lets everything happen that is planned, and what is planned by it, until nothing is left.</summary>
    public void Run()
    {
        var outside = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Continuations(this));
        try
        {
            while (_events.TryDequeue(out var place, out var when))
            {
                _now = (long)(when >> 64);
                var happen = _happenings[place];
                _happenings[place] = null;
                _free.Push(place);
                happen?.Invoke();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    private int Plan(TimeSpan delay, Action happen)
    {
        if (!_free.TryPop(out var place))
        {
            place = _happenings.Count;
            _happenings.Add(null);
        }

        _happenings[place] = happen;
        _events.Enqueue(place, new UInt128((ulong)(_now + Math.Max(0, delay.Ticks)), _planned++));
        return place;
    }

    /// <summary>Continuations are events of the moment at which their task ends.</summary>
    private sealed class Continuations(EventClock clock) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => clock.After(TimeSpan.Zero, () => d(state));
    }

    private sealed class Timer : ITimer
    {
        private readonly EventClock _clock;
        private readonly Action _callback;
        private int? _place;

        public Timer(EventClock clock, Action callback, TimeSpan dueTime)
        {
            (_clock, _callback) = (clock, callback);
            Plan(dueTime);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Dispose();
            Plan(dueTime);
            return true;
        }

        // Its time comes all the same, and nothing happens then. Nothing of a request is kept until then.
        public void Dispose()
        {
            if (_place is { } place)
                _clock._happenings[place] = null;
            _place = null;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Plan(TimeSpan dueTime)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
                _place = _clock.Plan(dueTime, Happen);
        }

        private void Happen()
        {
            _place = null;
            _callback();
        }
    }
}
