using Saccade.Inference.Execution.Devices;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Execution.Sessions;

/// <summary>The sessions and workers of one model.</summary>
internal sealed class WorkerPool
{
    private readonly PoolSetup _setup;
    private readonly CropQueue _queue;
    private readonly WorkerServices _services;
    private readonly Lock _gate = new();
    private readonly List<SessionSlot> _slots = [];
    private readonly List<SessionWorker> _workers = [];
    private readonly Dictionary<DeviceGate, GateShare> _shares = [];
    private volatile BatchSizes _sizes;
    private SessionSlot? _latencySession;
    private int _alive;
    private bool _isCounted;

    private WorkerPool(PoolSetup setup, CropQueue queue, WorkerServices services) =>
        (_setup, _queue, _services, _sizes) = (setup, queue, services, setup.Sizes);

    /// <summary>Whether runs are counted: from when the version serves.</summary>
    public bool IsCounted
    {
        get => Volatile.Read(ref _isCounted);
        set => Volatile.Write(ref _isCounted, value);
    }

    /// <summary>Batch sizes in force.</summary>
    public BatchLimits Limits => new(_setup.Maximum, _sizes.Maximum);

    /// <summary>How the sessions are doing.</summary>
    public SessionCounts Counts
    {
        get
        {
            // Asked for every request, so without a query's enumerators.
            var counts = new SessionCounts(0, _latencySession?.Running ?? 0, 0);
            for (var i = 0; i < _slots.Count; i++)
            {
                var slot = _slots[i];
                counts = new(counts.Total + slot.Runs, counts.Busy + slot.Running, counts.Healthy + (slot.IsHealthy ? slot.Runs : 0));
            }

            return counts;
        }
    }

    /// <summary>Whether everything planned is in place and working.</summary>
    public bool IsWhole => Counts is var counts && counts.Healthy == counts.Total && _latencySession is null or { IsHealthy: true };

    /// <summary>Makes the sessions, runs every worker's tensors through its session, and starts the workers.</summary>
    /// <param name="setup">What to make.</param>
    /// <param name="queue">Where the work comes from.</param>
    /// <param name="services">What workers need.</param>
    /// <exception cref="Exception">A session cannot be made or does not run; what was made is disposed.</exception>
    public static WorkerPool Start(PoolSetup setup, CropQueue queue, WorkerServices services)
    {
        var pool = new WorkerPool(setup, queue, services);
        try
        {
            pool.Build();
        }
        catch
        {
            pool.DisposeSessions();
            throw;
        }

        pool.Run();
        return pool;
    }

    /// <summary>Rows that are computed for so many crops, padding included.</summary>
    /// <param name="crops">Crops of a batch that was taken, perhaps before the sizes shrank.</param>
    public int RowsFor(int crops) => _setup.Sizes.RowsFor(crops);

    /// <summary>A batch of so many crops was too much for the device's memory: from now on they are at most half as large.</summary>
    /// <param name="crops">Its size.</param>
    /// <param name="reason">What the runtime said.</param>
    /// <returns>False when there is no smaller one.</returns>
    public bool TryShrink(int crops, string reason)
    {
        lock (_gate)
        {
            var smaller = _sizes.AtMost(RowsFor(crops) / 2);
            if (smaller.Maximum >= RowsFor(crops))
                return false;
            if (smaller.Maximum == _sizes.Maximum)
                return true;
            _sizes = smaller;
            TellQueue();
        }

        Log.BatchesShrunk(_services.Logger, _services.Label, crops, _sizes.Maximum, reason);
        return true;
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
            foreach (var slot in _slots)
                slot.Abort();
            _latencySession?.Abort();
        }

        // A run that ignores the abort would make disposal crash the process: its memory is left to the process's end instead.
        if (await EndsWithin(Task.WhenAll(_workers.Select(worker => worker.Stopped)), AbortGrace, CancellationToken.None))
        {
            DisposeSessions();
        }

        var counted = _queue.Counts.ToString();
        Log.Drained(_services.Logger, _services.Label, counted);
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

    private void Build()
    {
        var first = _setup.First;
        foreach (var planned in _setup.Plan.Sessions)
        {
            var slot = Slot(planned.Spec, planned.Runs, first);
            first = null;
            _slots.Add(slot);
        }

        if (_setup.Plan.LatencySession is { } latency)
            _latencySession = Slot(latency, runs: 1, first: null);
        foreach (var (slot, planned) in _slots.Zip(_setup.Plan.Sessions))
        {
            var lanes = planned.PrepareAhead ? 2 * planned.Runs : planned.Runs;
            for (var i = 0; i < lanes; i++)
                _workers.Add(Worker(slot, planned));
        }
    }

    private SessionSlot Slot(SessionSpec spec, int runs, IModelSession? first) =>
        new($"{_services.Label} on {spec.Device}", first ?? _setup.Open(spec), () => _setup.Open(spec), WarmUp, runs, _services.Logger);

    private SessionWorker Worker(SessionSlot slot, PlannedSession planned)
    {
        var gate = _setup.Gate(planned.Spec);
        if (!_shares.TryGetValue(gate, out var share))
            _shares.Add(gate, share = gate.Join());
        var lane = new WorkerLane(
            slot,
            _latencySession,
            new GateTicket(gate, share, DeviceGates.Units(planned.Spec)),
            planned.PrepareAhead,
            _setup.Plan.Niceness
        );
        return new(this, _queue, lane, _setup.Layout, _setup.Sizes.Maximum, _services);
    }

    private void WarmUp(IModelSession session)
    {
        var largest = _sizes.Maximum;
        using var tensors = new CropTensors(_setup.Layout, largest) { WantsFeatures = _setup.Layout.Features is not null };
        session.Run(tensors, RowsFor(1));
        if (largest > RowsFor(1))
            session.Run(tensors, largest);
    }

    private void Run()
    {
        _alive = _workers.Count;
        TellQueue();
        foreach (var worker in _workers)
            worker.Start(WorkerEnded);
    }

    private void TellQueue() => _queue.SetLimits(new BatchLimitsInForce(_sizes, _setup.MaxDelay, Counts.Total));

    /// <summary>The last worker to end leaves nobody waiting: without a session the queue can only refuse.</summary>
    private void WorkerEnded()
    {
        if (Interlocked.Decrement(ref _alive) == 0)
            _queue.Abandon(ClassifyFailure.ModelFailed);
    }

    private void DisposeSessions()
    {
        foreach (var worker in _workers)
            worker.Dispose();
        foreach (var slot in _slots)
            slot.Dispose();
        _latencySession?.Dispose();
        foreach (var (gate, share) in _shares)
            gate.Part(share);
    }
}

/// <summary>What a pool is made from.</summary>
/// <param name="Layout">Shape of one crop.</param>
/// <param name="Plan">The sessions.</param>
/// <param name="Sizes">Batch sizes that may be run.</param>
/// <param name="Maximum">The largest that the graph and the configuration allow; <paramref name="Sizes"/> may end below it.</param>
/// <param name="MaxDelay">Longest wait for company.</param>
/// <param name="First">A session that is open already and becomes the first planned one; null to open it too.</param>
/// <param name="Open">Opens a session.</param>
/// <param name="Gate">The gate of the device on which such a session runs.</param>
internal sealed record PoolSetup(
    TensorLayout Layout,
    ExecutionPlan Plan,
    BatchSizes Sizes,
    int Maximum,
    TimeSpan MaxDelay,
    IModelSession? First,
    Func<SessionSpec, IModelSession> Open,
    Func<SessionSpec, DeviceGate> Gate
);
