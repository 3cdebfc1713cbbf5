namespace Saccade.Inference.Execution;

/// <summary>Which sessions a model gets.</summary>
/// <param name="Sessions">The sessions that share the load.</param>
/// <param name="LatencySession">A session of all cores, for a crop that has the machine to itself; null where there is nothing to
/// gain.</param>
internal sealed record ExecutionPlan(IReadOnlyList<PlannedSession> Sessions, SessionSpec? LatencySession)
{
    /// <summary>Of the threads that run the sessions; on a device of its own they only feed it and should not wait.</summary>
    public int Niceness { get; init; }

    /// <summary>Runs at once.</summary>
    public int Runs => Sessions.Sum(session => session.Runs);

    /// <summary>Decides.</summary>
    /// <param name="provider">CPU or CUDA.</param>
    /// <param name="options">What is configured; zeros are decided here.</param>
    /// <param name="cores">Cores this process may use.</param>
    /// <param name="runs">Runs at once that the model asks for where the options leave that open; 0 if it does not ask.</param>
    /// <remarks>
    /// On a CPU, one image per core gives about a quarter more throughput than all cores on one image, which in turn answers soonest when
    /// there is only one. So both are kept, and each batch is sent to what suits the moment. Runs of one thread share one session, and so
    /// one copy of the weights: such a run uses its caller's thread and nothing else.
    /// </remarks>
    public static ExecutionPlan For(ExecutionProvider provider, ExecutionOptions options, int cores, int runs = 0)
    {
        var wantedRuns = options.Sessions > 0 ? options.Sessions : runs;
        if (provider == ExecutionProvider.Cuda)
        {
            IEnumerable<int> devices = options.DeviceIds.Count > 0 ? options.DeviceIds : [0];
            var perDevice = Math.Max(1, wantedRuns);
            return new(
                [
                    .. from device in devices
                    from _ in Enumerable.Range(0, perDevice)
                    select new PlannedSession(
                        new SessionSpec(ExecutionProvider.Cuda, device, options.IntraOpThreads),
                        Runs: 1,
                        PrepareAhead: true
                    ),
                ],
                LatencySession: null
            );
        }

        (runs, var threads) = (wantedRuns, options.IntraOpThreads) switch
        {
            (0, 0) => (cores, 1),
            (0, var wanted) => (Math.Max(1, cores / wanted), wanted),
            (var wanted, 0) => (wanted, Math.Max(1, cores / wanted)),
            var both => both,
        };
        var spec = new SessionSpec(ExecutionProvider.Cpu, DeviceId: 0, threads);
        PlannedSession[] sessions =
            threads == 1
                ? [new(spec, runs, PrepareAhead: false)]
                : [.. Enumerable.Repeat(new PlannedSession(spec, Runs: 1, PrepareAhead: false), runs)];
        var latency = options.IntraOpThreads == 0 && threads < cores ? spec with { IntraOpThreads = cores, Spin = true } : null;
        return new(sessions, latency) { Niceness = options.Niceness };
    }
}

/// <summary>One session and how it is used.</summary>
/// <param name="Spec">How it is made.</param>
/// <param name="Runs">Runs that may overlap in it.</param>
/// <param name="PrepareAhead">Whether the next batch is filled while one runs: worth it where filling and running use different
/// processors.</param>
internal sealed record PlannedSession(SessionSpec Spec, int Runs, bool PrepareAhead);
