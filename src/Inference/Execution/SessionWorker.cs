using Microsoft.Extensions.Logging;
using Saccade.Inference.Batching;
using Saccade.Inference.Queueing;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Execution;

/// <summary>A thread that pulls batches and runs them, one after the other, until the queue ends or its session is lost.</summary>
/// <remarks>
/// It is a thread of its own because a run blocks for as long as the network takes: on the shared pool, as many runs as cores would
/// leave no thread for requests. Where the device is not the CPU, two workers share one session and take turns: one fills its tensors while
/// the other runs.
/// </remarks>
internal sealed class SessionWorker : IDisposable
{
    private readonly CropQueue _queue;
    private readonly SessionSlot _slot;
    private readonly SessionSlot? _lone;
    private readonly bool _preparesAhead;
    private readonly CropBatch _batch;
    private readonly WorkerServices _services;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Prepares a worker.</summary>
    /// <param name="queue">Where batches come from.</param>
    /// <param name="slot">Where they run.</param>
    /// <param name="lone">Where a batch runs that has the machine to itself; null for nowhere else.</param>
    /// <param name="preparesAhead">Whether another worker shares the slot, so that batches wait for it when they are filled.</param>
    /// <param name="layout">Shape of one crop.</param>
    /// <param name="capacity">Most crops in a batch.</param>
    /// <param name="services">What every worker needs.</param>
    public SessionWorker(
        CropQueue queue, SessionSlot slot, SessionSlot? lone, bool preparesAhead, TensorLayout layout, int capacity, WorkerServices services)
    {
        (_queue, _slot, _lone, _preparesAhead, _services) = (queue, slot, lone, preparesAhead, services);
        _batch = new CropBatch(layout, capacity);
    }

    /// <summary>Completes when the thread has ended.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Starts the thread, without the ambient context of whoever starts it.</summary>
    /// <param name="ended">Called on the thread, last.</param>
    public void Start(Action ended)
    {
        var thread = new Thread(() => Work(ended)) { IsBackground = true, Name = $"saccade {_services.Label}" };
        thread.UnsafeStart();
    }

    /// <summary>Frees the tensors; the thread must have ended, or never started.</summary>
    public void Dispose() => _batch.Dispose();

    private void Work(Action ended)
    {
        try
        {
            while (_slot.WaitUntilUsable() && _queue.Take(_batch, out var alone))
            {
                RunBatch(alone && _lone is { IsHealthy: true } ? _lone : _slot);
                _batch.Clear();
            }
        }
        finally
        {
            ended();
            _stopped.TrySetResult();
        }
    }

    private void RunBatch(SessionSlot slot)
    {
        SessionLease? lease = null;
        var settled = false;
        try
        {
            _batch.Load();
            lease = slot.Enter();
            if (lease is not null)
            {
                if (_preparesAhead) TakeWhatCameMeanwhile();
                _batch.DropDead(_queue.Drop);
                var startedAt = _services.Time.GetTimestamp();
                if (_batch.Count > 0) lease.Session.Run(_batch.Tensors, _services.Sizes.RowsFor(_batch.Count));
                var run = _services.Time.GetElapsedTime(startedAt);
                _batch.Unload();
                _queue.Answer(_batch, startedAt, run);
                settled = true;
                if (_batch.Count > 0) _services.Telemetry.BatchRan(_services.Model, _batch.Crops, run);
            }
        }
        catch (Exception error)
        {
            // Whatever the runtime threw, it concerns this batch; the slot finds out whether the session is to blame.
            Log.BatchFailed(_services.Logger, _services.Label, _batch.Count, error);
        }

        if (!settled) _queue.Fail(_batch, ClassifyFailure.ModelFailed);
        if (lease is not null) slot.Leave(lease, settled);
    }

    private void TakeWhatCameMeanwhile()
    {
        _queue.TopUp(_batch);
        _batch.Load();
    }
}

/// <summary>What every worker of a model needs.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Label">Its name and version, for logs and thread names.</param>
/// <param name="Sizes">Batch sizes that may be run.</param>
/// <param name="Time">The clock.</param>
/// <param name="Telemetry">Where batches are counted.</param>
/// <param name="Logger">Where failures are told.</param>
internal sealed record WorkerServices(string Model, string Label, BatchSizes Sizes, TimeProvider Time, InferenceTelemetry Telemetry, ILogger Logger);
