using System.Diagnostics;
using Saccade.Inference.Batching;

namespace Saccade.Inference.Queueing;

/// <summary>
/// The crops that wait for one model. Requests reserve room before any work is done for them, enter with all their crops, and end once:
/// answered, cancelled, expired or failed. Sessions pull batches.
/// </summary>
/// <remarks>
/// One lock guards everything, and nothing but bookkeeping happens under it: callers' continuations run elsewhere (see
/// <see cref="PendingRequest.Completion"/>), and no time is spent in a network or a copy. A channel is not used: see docs/decisions.
/// Wake-ups: whoever adds work wakes one session; a session that leaves work behind wakes the next.
/// </remarks>
internal sealed partial class CropQueue(QueueSetup setup, TimeProvider time)
{
    private static readonly TimerCallback Expired = static state => Owned(state, out var request).Expire(request);
    private static readonly Action<object?, CancellationToken> Left = static (state, token) => Owned(state, out var request).Cancel(request, token);

    private readonly object _gate = new();
    private readonly WaitingCrops _waiting = new();
    private readonly HashSet<PendingRequest> _live = [];
    private readonly QueueLedger _ledger = new();
    private readonly CostModel _cost = new();
    private readonly ArrivalRate _arrivals = new(time);
    private readonly List<CropBatch> _running = [];
    private readonly long _priorityStep = (long)(setup.PriorityStep.TotalSeconds * time.TimestampFrequency);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BatchLimitsInForce _limits = new(BatchSizes.UpTo(1), TimeSpan.Zero, Sharers: 1);
    private BatchSizes _aimed = BatchSizes.UpTo(1);
    private ClassifyFailure? _closed;
    private bool _abandoned;
    private int _reserved;
    private int _reservations;
    private int _runningCrops;

    /// <summary>Completes when the queue is closed and every request has ended.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Most crops that it holds.</summary>
    public int Capacity => setup.Capacity;

    /// <summary>The books.</summary>
    public QueueCounts Counts
    {
        get
        {
            lock (_gate) return _ledger.Snapshot(_waiting.Count, _runningCrops, _reserved);
        }
    }

    /// <summary>What runs cost at present.</summary>
    public CostLine Cost
    {
        get
        {
            lock (_gate) return _cost.Line;
        }
    }

    /// <summary>Batch sizes and number of sessions from now on.</summary>
    public void SetLimits(BatchLimitsInForce limits)
    {
        lock (_gate)
        {
            _limits = limits;
            _aimed = limits.Sizes;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// Turns a reservation into waiting crops and waits for their end: the answer, the deadline, the caller's wish or a failure, whichever
    /// comes first. A closed queue still takes what it promised room, until it is abandoned.
    /// </summary>
    /// <param name="request">Its crops are written when they run. The reservation is used up in any case.</param>
    /// <param name="cancellationToken">The caller's wish: waiting crops leave at once, running ones are not delivered.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<RequestResult> SubmitAsync(PendingRequest request, CancellationToken cancellationToken)
    {
        if (TryEnter(request) is { } closed)
        {
            request.ReleasePixels();
            return new(closed, default, default, default, 0);
        }

        // The callbacks get the request, and find the queue by it: closures would be most of what a request allocates here.
        var left = time.GetElapsedTime(time.GetTimestamp(), request.DueAt);
        using (time.CreateTimer(Expired, request, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan))
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
            foreach (var request in left) Fail_NeedsLock(request, CropFate.Failed, reason);
            AfterChange_NeedsLock();
            return left.Length;
        }
    }

    private ClassifyFailure? TryEnter(PendingRequest request)
    {
        lock (_gate)
        {
            Unreserve_NeedsLock(request.Reserved);
            if (!_abandoned)
            {
                request.Queue = this;
                request.EnqueuedAt = time.GetTimestamp();
                _live.Add(request);
                _ledger.Accept(request.Crops.Length);
                _arrivals.Observe(request.Crops.Length);
                foreach (var crop in request.Crops)
                {
                    crop.Urgency = Urgency.Of(request.DueAt, request.EnqueuedAt, crop.Index, request.Crops.Length, request.Priority, _priorityStep);
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
            if (TryEnd_NeedsLock(request, CropFate.Cancelled)) request.CompleteCancelled(token);
        }
    }

    private void Expire(PendingRequest request)
    {
        lock (_gate) Fail_NeedsLock(request, CropFate.Expired, ClassifyFailure.DeadlineExceeded);
    }

    private void Fail_NeedsLock(PendingRequest request, CropFate fate, ClassifyFailure failure)
    {
        if (TryEnd_NeedsLock(request, fate)) request.Complete(new(failure, time.GetElapsedTime(request.EnqueuedAt), default, default, 0));
    }

    /// <summary>Ends a request once: its waiting crops leave; crops that are running are settled when their batch returns.</summary>
    private bool TryEnd_NeedsLock(PendingRequest request, CropFate fate)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        if (!_live.Remove(request)) return false;
        request.Fate = fate;
        foreach (var crop in request.Crops)
        {
            if (!_waiting.Remove(crop)) continue;
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
        if (_closed is null) return;
        Monitor.PulseAll(_gate);
        if (_live.Count == 0 && (_reserved == 0 || _abandoned)) _drained.TrySetResult();
    }
}
