namespace Saccade.Inference.Decoding;

/// <summary>
/// Bytes, and places to decode in, that requests share. Whoever asks for more than is free waits; of those who wait, the one with the
/// earliest deadline goes first and nobody passes it, so that a large image is not kept waiting by others for ever. Small images have
/// places and a line of their own, so that they do not wait behind large ones. Safe for concurrent use.
/// </summary>
/// <param name="bytes">All there is, at least 1.</param>
/// <param name="places">How many of each size may be decoded at once, at least 1.</param>
/// <param name="time">The clock of the deadlines.</param>
internal sealed class MemoryBudget(long bytes, int places, TimeProvider time)
{
    /// <summary>
    /// Most requests in a line. Each holds its body and a place among <c>Limits:MaxConcurrentRequests</c>, which must not all go to those
    /// who wait for memory.
    /// </summary>
    public const int MostWaiting = 128;

    /// <summary>What takes no more than this part of the bytes is small.</summary>
    private const int SmallPart = 64;

    /// <summary>Images kept between the rounds of a request may take this part of the bytes.</summary>
    private const int KeptPart = 4;

    private readonly Lock _lock = new();
    private readonly Line _small = new(places, time);
    private readonly Line _large = new(places, time);
    private long _freeBytes = bytes;
    private long _keptBytes;

    /// <summary>What the options say; by default half of what the garbage collector may use, and a place of each size per core.</summary>
    public static MemoryBudget For(DecodingOptions options, TimeProvider time) =>
        new(
            options.MemoryBudget > 0 ? options.MemoryBudget : Math.Max(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2),
            Environment.ProcessorCount,
            time
        );

    /// <summary>All there is.</summary>
    public long Capacity { get; } = bytes;

    /// <summary>What nobody holds at the moment.</summary>
    public long Free
    {
        get
        {
            lock (_lock)
                return _freeBytes;
        }
    }

    /// <summary>Requests that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _small.StillWaiting + _large.StillWaiting;
        }
    }

    /// <summary>Takes bytes and a place if nobody waits for them and they are free.</summary>
    /// <param name="wanted">How many bytes, 0 to <see cref="Capacity"/>.</param>
    /// <returns>What was asked for, to be disposed; null if it is to be waited for.</returns>
    public Holding? TryTake(long wanted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wanted);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, Capacity);
        lock (_lock)
            return TryTake_NeedsLock(wanted);
    }

    /// <summary>How long <see cref="TakeAsync"/> will probably wait, by how long images held their places lately.</summary>
    /// <param name="wanted">How many bytes.</param>
    /// <param name="deadline">A timestamp of the clock: those who are due later will be passed.</param>
    /// <returns>Zero before anything was learnt; null if the line is full.</returns>
    public TimeSpan? TimeToTake(long wanted, long deadline)
    {
        lock (_lock)
        {
            var line = LineOf(wanted);
            // As many at once as have places, or as fit in the memory.
            var atOnce = Math.Clamp(Capacity / Math.Max(1, wanted), 1, places);
            return line.StillWaiting >= MostWaiting ? null : TimeSpan.FromSeconds(line.SecondsAhead(deadline) / atOnce);
        }
    }

    /// <summary>Waits for bytes and a place.</summary>
    /// <param name="wanted">How many bytes, 0 to <see cref="Capacity"/>.</param>
    /// <param name="deadline">A timestamp of the clock; whoever still waits then gets nothing.</param>
    /// <param name="cancellationToken">The caller's wish to give up.</param>
    /// <returns>What was asked for, to be disposed; null if the deadline passed first.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<Holding?> TakeAsync(long wanted, long deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_lock)
        {
#pragma warning disable CA2000 // The caller's.
            if (TryTake_NeedsLock(wanted) is { } free)
                return free;
#pragma warning restore CA2000
            waiter = new Waiter(wanted);
            LineOf(wanted).Waiting.Enqueue(waiter, deadline);
        }

        TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), deadline);
        using ITimer timer = time.CreateTimer(
            _ => End(() => waiter.TrySetResult(false)),
            null,
            left > TimeSpan.Zero ? left : TimeSpan.Zero,
            Timeout.InfiniteTimeSpan
        );
        using CancellationTokenRegistration registration = cancellationToken.Register(() =>
            End(() => waiter.TrySetCanceled(cancellationToken))
        );
        return await waiter.Task ? new Holding(this, LineOf(wanted), wanted, time.GetTimestamp()) : null;
    }

    private Holding? TryTake_NeedsLock(long wanted)
    {
        var line = LineOf(wanted);
        return line.Waiting.Count == 0 && TryDeduct(line, wanted) ? new Holding(this, line, wanted, time.GetTimestamp()) : null;
    }

    private Line LineOf(long wanted) => wanted <= Capacity / SmallPart ? _small : _large;

    private bool TryDeduct(Line line, long wanted)
    {
        if (wanted > _freeBytes || line.FreePlaces == 0)
            return false;
        _freeBytes -= wanted;
        line.FreePlaces--;
        return true;
    }

    /// <summary>Ends a wait without success, unless it has ended already. Those behind it may have waited for nothing but it.</summary>
    private void End(Func<bool> attempt)
    {
        lock (_lock)
        {
            if (attempt())
                HandOn();
        }
    }

    private void HandOn()
    {
        HandOn(_small);
        HandOn(_large);
    }

    private void HandOn(Line line)
    {
        while (line.Waiting.TryPeek(out Waiter? first, out _))
        {
            if (!first.Task.IsCompleted && !TryDeduct(line, first.Wanted))
                return;
            line.Waiting.Dequeue();
            // False for those that have ended already, for which nothing was deducted: waits end under the lock only.
            first.TrySetResult(true);
        }
    }

    /// <summary>Bytes and a place, until they are given back. Not thread-safe.</summary>
    internal sealed class Holding : IDisposable
    {
        private readonly MemoryBudget _budget;
        private readonly Line _line;
        private readonly long _takenAt;
        private long _bytes;
        private bool _hasPlace = true;
        private bool _isKept;

        internal Holding(MemoryBudget budget, Line line, long bytes, long takenAt) =>
            (_budget, _line, _bytes, _takenAt) = (budget, line, bytes, takenAt);

        /// <summary>Gives back the place, and all but some of the bytes.</summary>
        /// <param name="bytes">Still held; more than there were count as those.</param>
        public void KeepOnly(long bytes)
        {
            lock (_budget._lock)
            {
                if (_hasPlace)
                    _line.GiveBackPlace(_bytes, _takenAt);
                _hasPlace = false;
                var freed = Math.Max(0, _bytes - bytes);
                _bytes -= freed;
                _budget._freeBytes += freed;
                if (_isKept)
                    _budget._keptBytes -= freed;
                _budget.HandOn();
            }
        }

        /// <summary>Keeps the bytes between two rounds of a request.</summary>
        /// <returns>False if images that wait for their next round take too much already.</returns>
        public bool TryKeep()
        {
            lock (_budget._lock)
            {
                if (_isKept)
                    return true;
                if (_budget._keptBytes + _bytes > _budget.Capacity / KeptPart)
                    return false;
                _budget._keptBytes += _bytes;
                return _isKept = true;
            }
        }

        /// <inheritdoc/>
        public void Dispose() => KeepOnly(0);
    }

    /// <summary>Those who wait for a place of one size, and what it costs to hold one. Guarded by the budget's lock.</summary>
    internal sealed class Line(int places, TimeProvider time)
    {
        private const double NewShare = 0.2;

        private double _secondsPerByte;

        /// <summary>Places that nobody holds.</summary>
        public int FreePlaces { get; set; } = places;

        /// <summary>By deadline.</summary>
        public PriorityQueue<Waiter, long> Waiting { get; } = new();

        /// <summary>How many of them have not ended.</summary>
        public int StillWaiting => Waiting.UnorderedItems.Count(static waiter => !waiter.Element.Task.IsCompleted);

        /// <summary>Seconds of one place until those who are due sooner are done.</summary>
        public double SecondsAhead(long deadline)
        {
            var ahead = 0L;
            foreach (var (waiter, due) in Waiting.UnorderedItems)
            {
                if (due <= deadline && !waiter.Task.IsCompleted)
                    ahead += waiter.Wanted;
            }

            return ahead * _secondsPerByte;
        }

        /// <summary>A place is free again; learns from how long it was held.</summary>
        public void GiveBackPlace(long bytes, long takenAt)
        {
            FreePlaces++;
            var perByte = time.GetElapsedTime(takenAt).TotalSeconds / Math.Max(1, bytes);
            _secondsPerByte = _secondsPerByte == 0 ? perByte : ((1 - NewShare) * _secondsPerByte) + (NewShare * perByte);
        }
    }

    // Continuations run elsewhere: they must not decode an image under the lock of whoever gives bytes back.
    internal sealed class Waiter(long wanted) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Wanted { get; } = wanted;
    }
}
