using Saccade.Inference.Batching;
using Saccade.Inference.Models;
using Saccade.Inference.Queueing;

namespace Saccade.Inference.Execution;

/// <summary>The sessions and workers of one model.</summary>
internal sealed class WorkerPool
{
    private readonly CropQueue _queue;
    private readonly TimeSpan _maxDelay;
    private readonly WorkerServices _services;
    private readonly List<SessionSlot> _slots = [];
    private readonly List<SessionWorker> _workers = [];
    private SessionSlot? _lone;
    private int _alive;

    private WorkerPool(CropQueue queue, BatchLimits limits, TimeSpan maxDelay, WorkerServices services)
    {
        (_queue, Limits, _maxDelay, _services) = (queue, limits, maxDelay, services);
    }

    /// <summary>Batch sizes in force.</summary>
    public BatchLimits Limits { get; }

    /// <summary>How the sessions are doing.</summary>
    public SessionCounts Counts => new(
        _slots.Sum(slot => slot.Runs),
        _slots.Sum(slot => slot.Running) + (_lone?.Running ?? 0),
        _slots.Sum(slot => slot.IsHealthy ? slot.Runs : 0));

    /// <summary>Whether everything planned is in place and working.</summary>
    public bool IsWhole => _slots.All(slot => slot.IsHealthy) && _lone is null or { IsHealthy: true };

    /// <summary>Makes the sessions, runs every worker's tensors through its session, and starts the workers.</summary>
    /// <param name="setup">What to make.</param>
    /// <param name="queue">Where the work comes from.</param>
    /// <param name="services">What workers need.</param>
    /// <exception cref="Exception">A session cannot be made or does not run; what was made is disposed.</exception>
    public static WorkerPool Start(PoolSetup setup, CropQueue queue, WorkerServices services)
    {
        var pool = new WorkerPool(queue, setup.Limits, setup.MaxDelay, services);
        try
        {
            pool.Build(setup);
        }
        catch
        {
            pool.DisposeSessions();
            throw;
        }

        pool.Run();
        return pool;
    }

    /// <summary>
    /// Takes no new work, finishes what was accepted for up to <paramref name="drainTimeout"/>, then fails the rest and frees everything.
    /// </summary>
    /// <param name="drainTimeout">How long accepted work may go on.</param>
    /// <param name="cancellationToken">Ends the wait early.</param>
    public async Task StopAsync(TimeSpan drainTimeout, CancellationToken cancellationToken)
    {
        _queue.Close(ClassifyFailure.ShuttingDown);
        var counts = _queue.Counts;
        Log.Draining(_services.Logger, _services.Label, counts.Queued, counts.Running);
        if (!await EndsWithin(_queue.Drained, drainTimeout, cancellationToken))
        {
            Log.DrainTimedOut(_services.Logger, _services.Label, drainTimeout, _queue.Abandon(ClassifyFailure.ShuttingDown));
            foreach (var slot in _slots) slot.Abort();
            _lone?.Abort();
        }

        // A run that ignores the abort would make disposal crash the process: its memory is left to the process's end instead.
        if (await EndsWithin(Task.WhenAll(_workers.Select(worker => worker.Stopped)), AbortGrace, CancellationToken.None))
        {
            DisposeSessions();
        }

        Log.Drained(_services.Logger, _services.Label, _queue.Counts);
    }

    private static TimeSpan AbortGrace => TimeSpan.FromSeconds(5);

    private async Task<bool> EndsWithin(Task task, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(timeout, _services.Time, cancellationToken);
            return true;
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Build(PoolSetup setup)
    {
        var first = setup.First;
        foreach (var planned in setup.Plan.Sessions)
        {
            var slot = Slot(setup, planned.Spec, planned.Runs, first);
            first = null;
            _slots.Add(slot);
        }

        if (setup.Plan.Lone is { } lone) _lone = Slot(setup, lone, runs: 1, first: null);
        foreach (var (slot, planned) in _slots.Zip(setup.Plan.Sessions))
        {
            var lanes = planned.PrepareAhead ? 2 * planned.Runs : planned.Runs;
            for (var i = 0; i < lanes; i++) _workers.Add(Worker(setup, slot, planned.PrepareAhead));
        }
    }

    private SessionSlot Slot(PoolSetup setup, SessionSpec spec, int runs, IModelSession? first) =>
        new(
            $"{_services.Label} on {spec.Device}",
            first ?? setup.Open(spec),
            () => setup.Open(spec),
            session => WarmUp(session, setup),
            runs,
            _services.Logger);

    private SessionWorker Worker(PoolSetup setup, SessionSlot slot, bool preparesAhead) =>
        new(_queue, slot, _lone, preparesAhead, setup.Layout, setup.Limits.Preferred, _services);

    private static void WarmUp(IModelSession session, PoolSetup setup)
    {
        using var tensors = new CropTensors(setup.Layout, setup.Limits.Preferred);
        session.Run(tensors, 1);
        if (setup.Limits.Preferred > 1) session.Run(tensors, setup.Limits.Preferred);
    }

    private void Run()
    {
        _alive = _workers.Count;
        _queue.SetLimits(new BatchLimitsInForce(_services.Sizes, _maxDelay, Counts.Total));
        foreach (var worker in _workers) worker.Start(WorkerEnded);
    }

    /// <summary>The last worker to end leaves nobody waiting: without a session the queue can only refuse.</summary>
    private void WorkerEnded()
    {
        if (Interlocked.Decrement(ref _alive) == 0) _queue.Abandon(ClassifyFailure.ModelFailed);
    }

    private void DisposeSessions()
    {
        foreach (var worker in _workers) worker.Dispose();
        foreach (var slot in _slots) slot.Dispose();
        _lone?.Dispose();
    }
}

/// <summary>What a pool is made from.</summary>
/// <param name="Layout">Shape of one crop.</param>
/// <param name="Plan">The sessions.</param>
/// <param name="Limits">Batch sizes.</param>
/// <param name="MaxDelay">Longest wait for company.</param>
/// <param name="First">A session that is open already and becomes the first planned one; null to open it too.</param>
/// <param name="Open">Opens a session.</param>
internal sealed record PoolSetup(
    TensorLayout Layout,
    ExecutionPlan Plan,
    BatchLimits Limits,
    TimeSpan MaxDelay,
    IModelSession? First,
    Func<SessionSpec, IModelSession> Open);
