using System.Diagnostics;
using Saccade.Inference.Batching;

namespace Saccade.Inference.Queueing;

/// <content>The sessions' side: pulling batches and returning them.</content>
internal sealed partial class CropQueue
{
    /// <summary>Waits until the rule lets a batch go and moves its crops into <paramref name="batch"/>, which must be empty.</summary>
    /// <param name="batch">Filled with at least one crop.</param>
    /// <param name="alone">Whether nothing else is running, waiting or being prepared for this model.</param>
    /// <returns>False when the queue is closed and no work will come: the session may stop.</returns>
    public bool Take(CropBatch batch, out bool alone)
    {
        lock (_gate)
        {
            while (true)
            {
                var decision = Decide_NeedsLock();
                Move_NeedsLock(batch, decision.Count);
                if (batch.Count > 0)
                {
                    alone = _runningBatches++ == 0 && _reserved == 0 && _waiting.Count == 0;
                    if (_waiting.Count > 0) Monitor.Pulse(_gate);
                    return true;
                }

                if (_closed is not null && _waiting.Count == 0 && (_reserved == 0 || _abandoned))
                {
                    alone = false;
                    return false;
                }

                // A decision to send that moved nothing met only expired crops: decide again.
                if (decision.Count == 0) Wait_NeedsLock(decision.Delay);
            }
        }
    }

    /// <summary>Lets a prepared batch grow by what came while it waited for its session.</summary>
    public void TopUp(CropBatch batch)
    {
        lock (_gate) Move_NeedsLock(batch, _limits.MaxSize);
    }

    /// <summary>A crop that was taken turned out dead before it ran: its row is free again.</summary>
    public void Drop(PendingCrop crop)
    {
        lock (_gate) Settle_NeedsLock(crop);
    }

    /// <summary>The batch ran: delivers every crop whose request is still alive.</summary>
    /// <param name="batch">Crops whose logits have been written.</param>
    /// <param name="startedAt">When the run began, as a timestamp.</param>
    /// <param name="run">How long it took.</param>
    public void Answer(CropBatch batch, long startedAt, TimeSpan run)
    {
        lock (_gate)
        {
            if (batch.Count > 0) _rate.Observe(run, batch.Count);
            foreach (var crop in batch.Crops)
            {
                var request = crop.Request;
                Settle_NeedsLock(crop);
                if (request.Fate is null && --request.Remaining == 0 && TryEnd_NeedsLock(request, CropFate.Answered))
                {
                    request.Complete(new(null, time.GetElapsedTime(request.EnqueuedAt, startedAt), run, batch.Count));
                }
            }

            _runningBatches--;
        }
    }

    /// <summary>The batch did not run: ends every request that has a crop in it.</summary>
    public void Fail(CropBatch batch, ClassifyFailure failure)
    {
        lock (_gate)
        {
            foreach (var crop in batch.Crops)
            {
                Fail_NeedsLock(crop.Request, CropFate.Failed, failure);
                Settle_NeedsLock(crop);
            }

            _runningBatches--;
        }
    }

    private BatchDecision Decide_NeedsLock()
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        var limits = _limits with { Sharers = Math.Max(1, _limits.Sharers - _runningBatches) };
        if (_waiting.Count == 0 || limits.MaxDelay == TimeSpan.Zero)
        {
            return BatchRule.Decide(_waiting.Count, TimeSpan.Zero, TimeSpan.Zero, _closed is not null, limits);
        }

        var now = time.GetTimestamp();
        var age = time.GetElapsedTime(_waiting.OldestEnqueuedAt, now);
        var slack = time.GetElapsedTime(now, _waiting.EarliestDueAt) - _rate.TimeToServe(_waiting.Count, _limits.Sharers);
        return BatchRule.Decide(_waiting.Count, age, slack, _closed is not null, limits);
    }

    private void Move_NeedsLock(CropBatch batch, int size)
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        var now = time.GetTimestamp();
        while (batch.Count < size && _waiting.TryPeek(out var crop))
        {
            if (crop.Request.DueAt <= now)
            {
                Fail_NeedsLock(crop.Request, CropFate.Expired, ClassifyFailure.DeadlineExceeded);
                continue;
            }

            _waiting.Remove(crop);
            _runningCrops++;
            batch.Add(crop);
        }
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
