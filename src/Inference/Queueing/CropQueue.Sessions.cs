using System.Diagnostics;
using Saccade.Inference.Batching;

namespace Saccade.Inference.Queueing;

/// <content>The sessions' side: pulling batches and returning them.</content>
internal sealed partial class CropQueue
{
    private const double PlainlyTooLong = 2;

    /// <summary>Waits until the rule lets a batch go; whoever is told so takes it with <see cref="TryTake"/>, unless somebody else was sooner.</summary>
    /// <returns>False when the queue is closed and no work will come: the session may stop.</returns>
    public bool WaitForWork()
    {
        lock (_gate)
        {
            while (true)
            {
                var decision = Decide_NeedsLock();
                if (decision.Count > 0) return true;
                if (IsOver_NeedsLock()) return false;
                Wait_NeedsLock(decision.Delay);
            }
        }
    }

    /// <summary>Moves the crops of a batch that may go now into <paramref name="batch"/>, which must be empty. Never waits.</summary>
    /// <param name="batch">Filled with at least one crop if true is returned.</param>
    /// <param name="wait">If not: when to look again unless something happens before; <see cref="Timeout.InfiniteTimeSpan"/> until something does.</param>
    public bool TryTake(CropBatch batch, out TimeSpan wait)
    {
        lock (_gate) return TryTake_NeedsLock(batch, out wait);
    }

    /// <summary>Learns from a run that answered nobody: a measurement before the model serves.</summary>
    /// <param name="rows">Rows that the network computed.</param>
    /// <param name="run">How long it took.</param>
    public void Learn(int rows, TimeSpan run)
    {
        lock (_gate) _cost.Observe(rows, run);
    }

    /// <summary>
    /// Brings a batch that was prepared ahead up to date: it grows by what came while it waited for its session, and what is more urgent than its
    /// least urgent crops takes their places; they wait again where they waited before.
    /// </summary>
    public void TopUp(CropBatch batch)
    {
        lock (_gate)
        {
            var largest = (setup.LatencyObjective is null ? _limits.Sizes : _aimed).Maximum;
            Move_NeedsLock(batch, largest);
            while (_waiting.TryPeek(out var urgent) && batch.Replace(urgent) is { } replaced)
            {
                _waiting.Remove(urgent);
                _runningCrops++;
                PutBack_NeedsLock(replaced);
            }
        }
    }

    /// <summary>The batch did not run and its crops may run in another: those that are still wanted wait again where they waited before.</summary>
    public void Return(CropBatch batch)
    {
        lock (_gate)
        {
            Returned_NeedsLock(batch);
            foreach (var crop in batch.Crops) PutBack_NeedsLock(crop);
            Monitor.PulseAll(_gate);
        }

        batch.Forget();
    }

    /// <summary>A crop that was taken turned out dead before it ran: its row is free again.</summary>
    public void Drop(PendingCrop crop)
    {
        lock (_gate) Settle_NeedsLock(crop);
    }

    /// <summary>The batch ran: delivers every crop whose request is still alive.</summary>
    /// <param name="batch">Crops whose logits have been written.</param>
    /// <param name="rows">Rows that the network computed, padding included.</param>
    /// <param name="startedAt">When the run began, as a timestamp.</param>
    /// <param name="run">How long it took.</param>
    /// <param name="writing">How long its crops took to be written.</param>
    /// <param name="waited">How long the session had work and waited for its device, which others used. It counts as part of what runs cost here.</param>
    public void Answer(CropBatch batch, int rows, long startedAt, TimeSpan run, TimeSpan writing = default, TimeSpan waited = default)
    {
        lock (_gate)
        {
            Returned_NeedsLock(batch);
            if (batch.Count > 0) Learn_NeedsLock(batch, rows, run + waited);
            foreach (var crop in batch.Crops)
            {
                var request = crop.Request;
                Settle_NeedsLock(crop);
                if (request.Fate is null && --request.Remaining == 0 && TryEnd_NeedsLock(request, CropFate.Answered))
                {
                    request.Complete(new(null, time.GetElapsedTime(request.EnqueuedAt, startedAt) - writing, writing, run, batch.Count));
                }
            }
        }
    }

    /// <summary>The batch did not run: ends every request that has a crop in it.</summary>
    public void Fail(CropBatch batch, ClassifyFailure failure)
    {
        lock (_gate)
        {
            Returned_NeedsLock(batch);
            foreach (var crop in batch.Crops)
            {
                Fail_NeedsLock(crop.Request, CropFate.Failed, failure);
                Settle_NeedsLock(crop);
            }
        }
    }

    // A run that has the machine to itself is faster than one among others, by at most as many times as others would share it. Where even that
    // bound is far below the estimate, the estimate is wrong, and it must be such runs that correct it: a forecast that is too gloomy lets in one
    // request at a time, and then every run is alone.
    private void Learn_NeedsLock(CropBatch batch, int rows, TimeSpan run)
    {
        var shared = batch.IsAlone ? run * Math.Max(1, _limits.Sharers) : run;
        if (!batch.IsAlone || _cost.Line.Seconds(rows) > PlainlyTooLong * shared.TotalSeconds) _cost.Observe(rows, shared);
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
                batch.Taken(time.GetTimestamp(), alone: _running.Count == 0 && _reserved == 0 && _waiting.Count == 0);
                _running.Add(batch);
                if (_waiting.Count > 0) Monitor.Pulse(_gate);
                return true;
            }

            // A decision to send that moved nothing met only crops that can't be answered in time: decide again.
            if (decision.Count == 0) return false;
        }
    }

    private BatchDecision Decide_NeedsLock()
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        var limits = _limits with { Sharers = Math.Max(1, _limits.Sharers - _running.Count), Cost = _cost.Line };
        if (_waiting.Count == 0) return BatchRule.Decide(0, TimeSpan.Zero, TimeSpan.Zero, _closed is not null, limits);
        if (setup.LatencyObjective is { } objective)
        {
            var aim = ObjectiveRule.Choose(objective, limits.Cost, limits.Sizes, _limits.Sharers, _arrivals.PerSecond);
            if (_aimed.Maximum != aim.Largest) _aimed = limits.Sizes.AtMost(aim.Largest);
            limits = limits with { Sizes = _aimed, Enough = aim.Enough, MaxDelay = aim.Delay };
        }

        if (limits.MaxDelay == TimeSpan.Zero) return BatchRule.Decide(_waiting.Count, TimeSpan.Zero, TimeSpan.Zero, _closed is not null, limits);
        var now = time.GetTimestamp();
        var age = time.GetElapsedTime(_waiting.OldestEnqueuedAt, now);
        var slack = time.GetElapsedTime(now, _waiting.EarliestDueAt) - TimeSpan.FromSeconds(Forecast_NeedsLock().SecondsToPromise(_waiting.Count));
        return BatchRule.Decide(_waiting.Count, age, slack, _closed is not null, limits);
    }

    private void Move_NeedsLock(CropBatch batch, int size)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        var now = time.GetTimestamp();
        while (batch.Count < size && _waiting.TryPeek(out var crop))
        {
            if (IsHopeless_NeedsLock(crop.Request, now, size))
            {
                Fail_NeedsLock(crop.Request, CropFate.Expired, ClassifyFailure.DeadlineExceeded);
                continue;
            }

            _waiting.Remove(crop);
            _runningCrops++;
            batch.Add(crop);
        }
    }

    /// <summary>
    /// Whether a request can't be answered in time any more. Past its deadline it can't; before, a forecast says so, but only where others wait for
    /// the room: a wrong forecast may not refuse what an idle session could try.
    /// </summary>
    private bool IsHopeless_NeedsLock(PendingRequest request, long now, int size)
    {
        var left = request.DueAt - now;
        if (left <= 0) return true;
        return _waiting.Count > size && Seconds(left) < new PoolForecast(_cost.Line, _limits.Sizes, _limits.Sharers).SecondsAtLeast(request.Remaining, size);
    }

    private bool IsOver_NeedsLock() => _closed is not null && _waiting.Count == 0 && (_reserved == 0 || _abandoned);

    private void Returned_NeedsLock(CropBatch batch)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        _running.Remove(batch);
    }

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
        using var alarm = delay == Timeout.InfiniteTimeSpan ? null : time.CreateTimer(_ => Wake(), null, delay, Timeout.InfiniteTimeSpan);
        Monitor.Wait(_gate);
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    private void Settle_NeedsLock(PendingCrop crop)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        _runningCrops--;
        _ledger.Close(crop.Request.Fate ?? CropFate.Answered, 1);
    }
}
