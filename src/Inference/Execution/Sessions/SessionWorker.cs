using Microsoft.Extensions.Logging;
using Saccade.Inference.Execution.Devices;
using Saccade.Inference.Execution.Platform;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Telemetry;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Execution.Sessions;

/// <summary>A thread that pulls batches and runs them, one after the other, until the queue ends or its session is lost.</summary>
/// <remarks>
/// It is a thread of its own because a run blocks for as long as the network takes: on the shared pool, as many runs as cores would
/// leave no thread for requests. On a CPU it forms its batch when it has its turn on the device, so that batches grow while they wait.
/// Where the device is not the CPU, two workers share one session: one fills its tensors while the other runs, and brings them up to date
/// before it follows.
/// </remarks>
internal sealed class SessionWorker : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly CropQueue _queue;
    private readonly WorkerLane _lane;
    private readonly CropBatch _batch;
    private readonly WorkerServices _services;
    private readonly Action<PendingCrop> _drop;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _waited;
    private TimeSpan _writing;
    private bool _hasTurn;
    private bool _isCounted;
    private bool _isPreparing;

    /// <summary>Prepares a worker.</summary>
    /// <param name="pool">Where it belongs.</param>
    /// <param name="queue">Where batches come from.</param>
    /// <param name="lane">Where they run.</param>
    /// <param name="layout">Shape of one crop.</param>
    /// <param name="capacity">Most crops in a batch.</param>
    /// <param name="services">What every worker needs.</param>
    public SessionWorker(WorkerPool pool, CropQueue queue, WorkerLane lane, TensorLayout layout, int capacity, WorkerServices services)
    {
        (_pool, _queue, _lane, _services) = (pool, queue, lane, services);
        _batch = new CropBatch(layout, capacity, onCpu: !lane.PreparesAhead);
        _drop = queue.Drop;
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
            ThreadSlice.AskFor(ThreadSlice.OfCompute, _lane.Niceness);
            while (_lane.Slot.WaitUntilUsable())
            {
                BeginPreparing();
                if (!_queue.WaitForWork())
                    break;
                if (!_lane.PreparesAhead)
                    TakeTurn();
                if (_queue.TryTake(_batch, out _))
                    RunBatch();
                EndTurn();
                EndPreparing();
            }
        }
        finally
        {
            EndPreparing();
            ended();
            _stopped.TrySetResult();
        }
    }

    private void RunBatch()
    {
        SessionLease? lease = null;
        var slot = _batch.IsAlone && _lane.Turn.IsAlone && _lane.LatencySession is { IsHealthy: true } latency ? latency : _lane.Slot;
        var outcome = BatchOutcome.Failed;
        _writing = TimeSpan.Zero;
        // Decided before anybody is answered: whoever waits for the end of a warm-up starts the counting.
        _isCounted = _pool.IsCounted && !_services.Telemetry.IsPaused;
        try
        {
            if (_lane.PreparesAhead)
                Load();
            lease = slot.Enter();
            if (lease is not null)
            {
                if (_lane.PreparesAhead)
                    BringUpToDate();
                _batch.DropDead(_drop);
                var (startedAt, run) = Run(lease.Session);
                outcome = BatchOutcome.Answered;
                Count(startedAt, run);
            }
        }
        catch (Exception error) when (MemoryFailure.Is(error) && _pool.TryShrink(_batch.Count, error.Message))
        {
            outcome = BatchOutcome.PutBack;
        }
        catch (Exception error)
        {
            // Whatever the runtime threw, it concerns this batch; the slot finds out whether the session is to blame.
            Log.BatchFailed(_services.Logger, _services.Label, _batch.Count, error);
            if (_batch.Count > 1)
                outcome = BatchOutcome.ToBeHalved;
        }

        EndTurn();
        switch (outcome)
        {
            case BatchOutcome.PutBack:
                _queue.Return(_batch);
                break;
            case BatchOutcome.ToBeHalved:
                _batch.Wipe();
                _queue.ReturnInHalves(_batch);
                break;
            case BatchOutcome.Failed:
                _batch.Wipe();
                Fail();
                break;
        }

        if (lease is not null)
            slot.Leave(lease, outcome is BatchOutcome.Answered or BatchOutcome.PutBack);
        _batch.Clear();
    }

    private (long StartedAt, TimeSpan Run) Run(IModelSession session)
    {
        var run = TimeSpan.Zero;
        var rows = _batch.Count == 0 ? 0 : _pool.RowsFor(_batch.Count);
        var startedAt = _services.Time.GetTimestamp();
        if (rows > 0)
        {
            Load();
            startedAt = _services.Time.GetTimestamp();
            session.Run(_batch.Tensors, rows);
            run = _services.Time.GetElapsedTime(startedAt);
            _batch.Unload();
        }

        _queue.Answer(_batch, rows, startedAt, run, _writing, _waited);
        return (startedAt, run);
    }

    private void Load()
    {
        var start = _services.Time.GetTimestamp();
        _batch.Load();
        _writing += _services.Time.GetElapsedTime(start);
    }

    private void Count(long startedAt, TimeSpan run)
    {
        // Of a batch whose requests have all ended nothing ran.
        if (!_isCounted || _batch.Count == 0)
            return;
        _services.Statistics.Ran(_batch.Crops, startedAt, run, _services.Time);
        _services.Telemetry.BatchRan(_services.Model, _batch.Crops, run);
    }

    private void Fail()
    {
        if (_isCounted)
            _services.Statistics.Failed(_batch.Crops, _services.Time);
        _queue.Fail(_batch, ClassifyFailure.ModelFailed);
    }

    private void BringUpToDate()
    {
        TakeTurn();
        _batch.DropDead(_drop);
        _queue.TopUp(_batch);
        EndPreparing();
    }

    // One batch at a time is prepared for a session: a worker whose run is over takes nothing before the other has brought its batch up to
    // date, or the most urgent crops would be in the batch after it.
    private void BeginPreparing()
    {
        if (!_lane.PreparesAhead)
            return;
        _lane.Slot.Preparing.Wait();
        _isPreparing = true;
    }

    private void EndPreparing()
    {
        if (_isPreparing)
            _lane.Slot.Preparing.Release();
        _isPreparing = false;
    }

    private void TakeTurn()
    {
        var askedAt = _services.Time.GetTimestamp();
        _lane.Turn.Enter();
        _hasTurn = true;
        _waited = _services.Time.GetElapsedTime(askedAt);
    }

    private void EndTurn()
    {
        if (!_hasTurn)
            return;
        _hasTurn = false;
        _lane.Turn.Exit();
    }

    private enum BatchOutcome
    {
        Answered,
        Failed,
        PutBack,
        ToBeHalved,
    }
}

/// <summary>Where a worker's batches run.</summary>
/// <param name="Slot">Its session.</param>
/// <param name="LatencySession">Where a batch runs that has the machine to itself; null for nowhere else.</param>
/// <param name="Turn">Its way through the device's gate.</param>
/// <param name="PreparesAhead">Whether another worker shares the slot, so that the next batch is filled while one runs.</param>
/// <param name="Niceness">Of the worker's thread.</param>
internal sealed record WorkerLane(SessionSlot Slot, SessionSlot? LatencySession, GateTicket Turn, bool PreparesAhead, int Niceness);

/// <summary>What every worker of a model needs.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Label">Its name and version, for logs and thread names.</param>
/// <param name="Time">The clock.</param>
/// <param name="Telemetry">Where batches are counted.</param>
/// <param name="Logger">Where failures are told.</param>
internal sealed record WorkerServices(string Model, string Label, TimeProvider Time, InferenceTelemetry Telemetry, ILogger Logger)
{
    /// <summary>Sums of what the version does.</summary>
    public ModelStatistics Statistics { get; init; } = new();
}
