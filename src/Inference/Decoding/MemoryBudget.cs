namespace Saccade.Inference.Decoding;

/// <summary>
/// Bytes, and places to work in, that requests share. Who asks for more than is free waits; of those who wait the one with the earliest
/// deadline goes first, and nobody passes it, so that a large image is not kept waiting by others for ever. Only what is so small that it
/// neither takes long nor fills anything goes at once. Safe for concurrent use.
/// </summary>
/// <param name="bytes">All there is, at least 1.</param>
/// <param name="places">How many may work at once, at least 1.</param>
/// <param name="time">The clock of the deadlines.</param>
internal sealed class MemoryBudget(long bytes, int places, TimeProvider time)
{
    /// <summary>What takes no more than this part of the bytes is small.</summary>
    private const int SmallPart = 64;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Waiter, long> _waiting = new();
    private long _freeBytes = bytes;
    private int _freePlaces = places;

    /// <summary>What the options say; by default half of what the garbage collector may use, and a place for each core.</summary>
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

    /// <summary>Waits for bytes and a place.</summary>
    /// <param name="wanted">How many bytes, 0 to <see cref="Capacity"/>.</param>
    /// <param name="deadline">A timestamp of the clock; whoever still waits then gets nothing.</param>
    /// <param name="cancellationToken">The caller's wish to give up.</param>
    /// <returns>What was asked for, to be disposed; null if the deadline passed first.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<Holding?> TakeAsync(long wanted, long deadline, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wanted);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, Capacity);
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_lock)
        {
            if (_waiting.Count == 0 && TryDeduct(wanted))
                return new Holding(this, wanted, places: 1);
            if (wanted <= Capacity / SmallPart && wanted <= _freeBytes)
            {
                _freeBytes -= wanted;
                return new Holding(this, wanted, places: 0);
            }

            waiter = new Waiter(wanted);
            _waiting.Enqueue(waiter, deadline);
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
        return await waiter.Task ? new Holding(this, wanted, places: 1) : null;
    }

    private bool TryDeduct(long wanted)
    {
        if (wanted > _freeBytes || _freePlaces == 0)
            return false;
        _freeBytes -= wanted;
        _freePlaces--;
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

    private void GiveBack(long freed, int freedPlaces)
    {
        lock (_lock)
        {
            _freeBytes += freed;
            _freePlaces += freedPlaces;
            HandOn();
        }
    }

    private void HandOn()
    {
        while (_waiting.TryPeek(out Waiter? first, out _) && (first.Task.IsCompleted || TryDeduct(first.Wanted)))
        {
            _waiting.Dequeue();
            // False for those that have ended already, for which nothing was deducted: waits end under the lock only.
            first.TrySetResult(true);
        }
    }

    /// <summary>Bytes and a place, until they are given back.</summary>
    internal sealed class Holding : IDisposable
    {
        private readonly MemoryBudget _budget;
        private long _bytes;
        private int _places;

        internal Holding(MemoryBudget budget, long bytes, int places) => (_budget, _bytes, _places) = (budget, bytes, places);

        /// <summary>Gives back the place, and all but some of the bytes.</summary>
        /// <param name="bytes">Still held; more than there were count as those.</param>
        public void KeepOnly(long bytes)
        {
            long freed = Math.Max(0, _bytes - bytes);
            _bytes -= freed;
            _budget.GiveBack(freed, _places);
            _places = 0;
        }

        /// <inheritdoc/>
        public void Dispose() => KeepOnly(0);
    }

    // Continuations run elsewhere: they must not decode an image under the lock of whoever gives bytes back.
    private sealed class Waiter(long wanted) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Wanted { get; } = wanted;
    }
}
