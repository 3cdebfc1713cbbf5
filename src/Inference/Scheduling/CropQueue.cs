using System.Diagnostics;

namespace Saccade.Inference.Scheduling;

/// <summary>
/// The crops that wait for one model. Requests reserve room before any work is done for them, enter with all their crops, and end once:
/// answered, cancelled, expired or failed. Sessions pull batches.
/// </summary>
/// <remarks>
/// One lock guards everything, and nothing but bookkeeping happens under it: callers' continuations run elsewhere (see
/// <see cref="PendingRequest.Completion"/>), and no time is spent in a network or a copy. A channel is not used: see docs/decisions.
/// Wake-ups: whoever adds work wakes one session; a session that leaves work behind wakes the next.
/// </remarks>
internal sealed class CropQueue
{
    private static readonly TimerCallback Expired = static state => Owned(state, out var request).Expire(request);
    private static readonly Action<object?, CancellationToken> Left = static (state, token) =>
        Owned(state, out var request).Cancel(request, token);

    private readonly QueueSetup _setup;
    private readonly TimeProvider _time;
    private readonly long _priorityStep;
    private readonly object _gate = new();
    private readonly WaitingCrops _waiting = new();
    private readonly HashSet<PendingRequest> _live = [];
    private readonly QueueLedger _ledger = new();
    private readonly PoolLoad _pool;
    private readonly BatchFormer _former;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClassifyFailure? _closed;
    private bool _abandoned;
    private int _reserved;
    private int _reservations;
    private int _runningCrops;

    /// <summary>An empty queue.</summary>
    /// <param name="setup">What it is made from.</param>
    /// <param name="time">The clock.</param>
    public CropQueue(QueueSetup setup, TimeProvider time)
    {
        (_setup, _time) = (setup, time);
        _priorityStep = (long)(setup.PriorityStep.TotalSeconds * time.TimestampFrequency);
        _pool = new PoolLoad(time);
        _former = new BatchFormer(setup, _waiting, _pool, time);
    }

    /// <summary>Completes when the queue is closed and every request has ended.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Most crops that it holds.</summary>
    public int Capacity => _setup.Capacity;

    /// <summary>The books.</summary>
    public QueueCounts Counts
    {
        get
        {
            lock (_gate)
                return _ledger.Snapshot(_waiting.Count, _runningCrops, _reserved);
        }
    }

    /// <summary>What runs cost at present.</summary>
    public CostLine Cost
    {
        get
        {
            lock (_gate)
                return _pool.Cost;
        }
    }

    /// <summary>Batch sizes and number of sessions from now on.</summary>
    public void SetLimits(BatchLimitsInForce limits)
    {
        lock (_gate)
        {
            _pool.Limits = limits;
            _former.LimitsChanged();
            Monitor.PulseAll(_gate);
        }
    }

    // The requests' side.

    /// <summary>
    /// Keeps room for a request's crops, all or nothing, before any work is done for it: see <see cref="Admission.Refusal"/>.
    /// </summary>
    /// <param name="crops">How many, at least 1.</param>
    /// <param name="dueAt">Deadline, as a timestamp.</param>
    /// <param name="priority">Larger goes first.</param>
    /// <param name="retryAfter">When refused for lack of room or time: when trying again makes sense.</param>
    /// <returns>Null, or why it may not enter.</returns>
    public ClassifyFailure? TryReserve(int crops, long dueAt, int priority, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            retryAfter = TimeSpan.Zero;
            if (_closed is { } reason)
                return reason;
            if (Admission_NeedsLock().Refusal(crops, dueAt, priority, out retryAfter) is { } refusal)
                return refusal;
            _reserved += crops;
            _reservations++;
            return null;
        }
    }

    /// <inheritdoc cref="Admission.TimeToServe"/>
    public TimeSpan TimeToServe(int crops, long dueAt, int priority)
    {
        lock (_gate)
            return Admission_NeedsLock().TimeToServe(crops, dueAt, priority);
    }

    /// <summary>How long a crop that came now, behind all others, would take; zero while nothing is known of what runs cost.</summary>
    public TimeSpan Wait => TimeToServe(1, long.MaxValue, priority: 0);

    /// <summary>Gives reserved room back: the request ended before it could enter.</summary>
    public void Release(int crops)
    {
        lock (_gate)
        {
            Unreserve_NeedsLock(crops);
            AfterChange_NeedsLock();
        }
    }

    /// <summary>
    /// Turns a reservation into waiting crops and waits for their end: the answer, the deadline, the caller's wish or a failure, whichever
    /// comes first. A closed queue still takes what it promised room, until it is abandoned.
    /// </summary>
    /// <param name="request">Its crops are written when they run.</param>
    /// <param name="reserved">Crops that room was kept for: more than there are where some turned out to be alike. Used up in any
    /// case.</param>
    /// <param name="cancellationToken">The caller's wish: waiting crops leave at once, running ones are not delivered.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<RequestResult> SubmitAsync(PendingRequest request, int reserved, CancellationToken cancellationToken)
    {
        if (TryEnter(request, reserved) is { } closed)
        {
            request.ReleasePixels();
            return new(closed, default, default, default, 0);
        }

        // The callbacks get the request, and find the queue by it: closures would be most of what a request allocates here.
        var left = _time.GetElapsedTime(_time.GetTimestamp(), request.DueAt);
        using (_time.CreateTimer(Expired, request, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan))
        await using (cancellationToken.UnsafeRegister(Left, request))
        {
            return await request.Completion;
        }
    }

    /// <summary>Refuses new requests from now on; what has been promised room is still served.</summary>
    public void Close(ClassifyFailure reason)
    {
        lock (_gate)
        {
            _closed ??= reason;
            AfterChange_NeedsLock();
        }
    }

    /// <summary>Closes and ends whatever has not ended, running crops included.</summary>
    /// <returns>How many requests that were.</returns>
    public int Abandon(ClassifyFailure reason)
    {
        lock (_gate)
        {
            _closed ??= reason;
            _abandoned = true;
            var left = _live.ToArray();
            foreach (var request in left)
                Fail_NeedsLock(request, CropFate.Failed, reason);
            AfterChange_NeedsLock();
            return left.Length;
        }
    }

    // The sessions' side.

    /// <summary>
    /// Waits until the rule lets a batch go; whoever is told so takes it with <see cref="TryTake"/>, unless somebody else was sooner.
    /// </summary>
    /// <returns>False when the queue is closed and no work will come: the session may stop.</returns>
    public bool WaitForWork()
    {
        lock (_gate)
        {
            while (true)
            {
                var decision = Decide_NeedsLock();
                if (decision.Count > 0)
                    return true;
                if (IsOver_NeedsLock())
                    return false;
                Wait_NeedsLock(decision.Delay);
            }
        }
    }

    /// <summary>Moves the crops of a batch that may go now into <paramref name="batch"/>, which must be empty. Never waits.</summary>
    /// <param name="batch">Filled with at least one crop if true is returned.</param>
    /// <param name="wait">If not: when to look again unless something happens before; <see cref="Timeout.InfiniteTimeSpan"/> until
    /// something does.</param>
    public bool TryTake(CropBatch batch, out TimeSpan wait)
    {
        lock (_gate)
            return TryTake_NeedsLock(batch, out wait);
    }

    /// <summary>Learns from a run that answered nobody: a measurement before the model serves.</summary>
    /// <param name="rows">Rows that the network computed.</param>
    /// <param name="run">How long it took.</param>
    public void Learn(int rows, TimeSpan run)
    {
        lock (_gate)
            _pool.Learn(rows, run);
    }

    /// <summary>
    /// Brings a batch that was prepared ahead up to date: it grows by what came while it waited for its session, and what is more urgent
    /// than its least urgent crops takes their places; they wait again where they waited before.
    /// </summary>
    public void TopUp(CropBatch batch)
    {
        lock (_gate)
        {
            Move_NeedsLock(batch, _former.Largest);
            while (_waiting.TryPeek(out var urgent) && batch.Replace(urgent) is { } replaced)
            {
                _waiting.Remove(urgent);
                _runningCrops++;
                PutBack_NeedsLock(replaced);
            }
        }
    }

    /// <summary>
    /// The batch did not run and its crops may run in another: those that are still wanted wait again where they waited before.
    /// </summary>
    public void Return(CropBatch batch)
    {
        lock (_gate)
        {
            _pool.End(batch);
            foreach (var crop in batch.Crops)
                PutBack_NeedsLock(crop);
            Monitor.PulseAll(_gate);
        }

        batch.Forget();
    }

    /// <summary>
    /// The batch failed, and one of its crops may be to blame: they wait again where they waited before, to run in batches of half the
    /// size.
    /// </summary>
    /// <param name="batch">Of at least two crops.</param>
    public void ReturnInHalves(CropBatch batch)
    {
        foreach (var crop in batch.Crops)
            crop.MaxBatch = (batch.Count + 1) / 2;
        Return(batch);
    }

    /// <summary>A crop that was taken turned out dead before it ran: its row is free again.</summary>
    public void Drop(PendingCrop crop)
    {
        lock (_gate)
            Settle_NeedsLock(crop);
    }

    /// <summary>The batch ran: delivers every crop whose request is still alive.</summary>
    /// <param name="batch">Crops whose logits have been written.</param>
    /// <param name="rows">Rows that the network computed, padding included.</param>
    /// <param name="startedAt">When the run began, as a timestamp.</param>
    /// <param name="run">How long it took.</param>
    /// <param name="writing">How long its crops took to be written.</param>
    /// <param name="waited">How long the session had work and waited for its device, which others used. It counts as part of what runs cost
    /// here.</param>
    public void Answer(CropBatch batch, int rows, long startedAt, TimeSpan run, TimeSpan writing = default, TimeSpan waited = default)
    {
        lock (_gate)
        {
            _pool.End(batch);
            if (batch.Count > 0)
                _pool.Learn(batch, rows, run + waited);
            foreach (var crop in batch.Crops)
            {
                var request = crop.Request;
                Settle_NeedsLock(crop);
                var here = _time.GetElapsedTime(request.EnqueuedAt, startedAt);
                // A crop may have come while those before it were being written.
                var written = here < writing ? here : writing;
                var began = here - written;
                var queued = request.Waited ??= began;
                if (request.Fate is null && --request.Remaining == 0 && TryEnd_NeedsLock(request, CropFate.Answered))
                    request.Complete(new(null, queued, written, began - queued + run, batch.Count));
            }
        }
    }

    /// <summary>The batch did not run: ends every request that has a crop in it.</summary>
    public void Fail(CropBatch batch, ClassifyFailure failure)
    {
        lock (_gate)
        {
            _pool.End(batch);
            foreach (var crop in batch.Crops)
            {
                Fail_NeedsLock(crop.Request, CropFate.Failed, failure);
                Settle_NeedsLock(crop);
            }
        }
    }

    private ClassifyFailure? TryEnter(PendingRequest request, int reserved)
    {
        lock (_gate)
        {
            Unreserve_NeedsLock(reserved);
            if (!_abandoned)
            {
                request.Queue = this;
                request.EnqueuedAt = _time.GetTimestamp();
                _live.Add(request);
                _ledger.Accept(request.Crops.Length);
                _former.Arrived(request.Crops.Length);
                foreach (var crop in request.Crops)
                {
                    crop.Urgency = Urgency.Of(
                        request.DueAt,
                        request.EnqueuedAt,
                        crop.Index,
                        request.Crops.Length,
                        request.Priority,
                        _priorityStep
                    );
                    _waiting.Add(crop);
                }

                Monitor.Pulse(_gate);
            }

            AfterChange_NeedsLock();
            return _abandoned ? _closed : null;
        }
    }

    private static CropQueue Owned(object? state, out PendingRequest request)
    {
        request = (PendingRequest)state!;
        return request.Queue!;
    }

    private void Cancel(PendingRequest request, CancellationToken token)
    {
        lock (_gate)
        {
            if (TryEnd_NeedsLock(request, CropFate.Cancelled))
                request.CompleteCancelled(token);
        }
    }

    private void Expire(PendingRequest request)
    {
        lock (_gate)
            Fail_NeedsLock(request, CropFate.Expired, ClassifyFailure.DeadlineExceeded);
    }

    private void Fail_NeedsLock(PendingRequest request, CropFate fate, ClassifyFailure failure)
    {
        if (TryEnd_NeedsLock(request, fate))
            request.Complete(new(failure, _time.GetElapsedTime(request.EnqueuedAt), default, default, 0));
    }

    /// <summary>Ends a request once: its waiting crops leave; crops that are running are settled when their batch returns.</summary>
    private bool TryEnd_NeedsLock(PendingRequest request, CropFate fate)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        if (!_live.Remove(request))
            return false;
        request.Fate = fate;
        foreach (var crop in request.Crops)
        {
            if (!_waiting.Remove(crop))
                continue;
            crop.ReleasePixels();
            _ledger.Close(fate, 1);
        }

        AfterChange_NeedsLock();
        return true;
    }

    /// <summary>A closed queue may have become empty: sessions look whether to stop, and whoever drains is told.</summary>
    private void AfterChange_NeedsLock()
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        if (_closed is null)
            return;
        Monitor.PulseAll(_gate);
        if (_live.Count == 0 && (_reserved == 0 || _abandoned))
            _drained.TrySetResult();
    }

    private void Unreserve_NeedsLock(int crops)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        _reserved -= crops;
        _reservations--;
        Debug.Assert(_reserved >= 0 && _reservations >= 0, "gave back more than was reserved");
    }

    private Admission Admission_NeedsLock()
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        var now = _time.GetTimestamp();
        return new(_waiting, _reserved, _reservations, _setup, _pool.Forecast(now), now, _time.TimestampFrequency);
    }

    private bool TryTake_NeedsLock(CropBatch batch, out TimeSpan wait)
    {
        while (true)
        {
            var decision = Decide_NeedsLock();
            wait = decision.Delay;
            Move_NeedsLock(batch, decision.Count);
            if (batch.Count > 0)
            {
                batch.Taken(_time.GetTimestamp(), alone: _pool.Running == 0 && _reserved == 0 && _waiting.Count == 0);
                _pool.Begin(batch);
                if (_waiting.Count > 0)
                    Monitor.Pulse(_gate);
                return true;
            }

            // A decision to send that moved nothing met only crops that can't be answered in time: decide again.
            if (decision.Count == 0)
                return false;
        }
    }

    private BatchDecision Decide_NeedsLock()
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        return _former.Decide(draining: _closed is not null);
    }

    private void Move_NeedsLock(CropBatch batch, int size)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        var now = _time.GetTimestamp();
        while (batch.Count < Math.Min(size, batch.Limit) && _waiting.TryPeek(out var crop))
        {
            if (_former.IsHopeless(crop.Request, now, size))
            {
                Fail_NeedsLock(crop.Request, CropFate.Expired, ClassifyFailure.DeadlineExceeded);
                continue;
            }

            if (crop.MaxBatch <= batch.Count)
                return;
            _waiting.Remove(crop);
            _runningCrops++;
            batch.Add(crop);
        }
    }

    private bool IsOver_NeedsLock() => _closed is not null && _waiting.Count == 0 && (_reserved == 0 || _abandoned);

    /// <summary>A crop that was taken waits again, unless its request has ended meanwhile.</summary>
    private void PutBack_NeedsLock(PendingCrop crop)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        if (crop.Request.Fate is null)
        {
            _runningCrops--;
            _waiting.Restore(crop);
            return;
        }

        crop.ReleasePixels();
        Settle_NeedsLock(crop);
    }

    private void Wait_NeedsLock(TimeSpan delay)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        using var alarm = delay == Timeout.InfiniteTimeSpan ? null : _time.CreateTimer(_ => Wake(), null, delay, Timeout.InfiniteTimeSpan);
        Monitor.Wait(_gate);
    }

    private void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    private void Settle_NeedsLock(PendingCrop crop)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        _runningCrops--;
        _ledger.Close(crop.Request.Fate ?? CropFate.Answered, 1);
    }
}
