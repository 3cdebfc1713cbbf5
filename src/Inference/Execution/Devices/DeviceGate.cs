namespace Saccade.Inference.Execution.Devices;

/// <summary>
/// Stands before one device: lets as many runs in at once as it bears, whichever models they are of, and gives each model a fair share of
/// its time. Without it, each of N models would run as many threads as there are cores.
/// </summary>
/// <param name="capacity">Units that may be inside at once: threads on a CPU, runs on an accelerator.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceGate(int capacity, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly FairTurns _turns = new(capacity);

    /// <summary>Runs inside or waiting.</summary>
    public int Runs
    {
        get
        {
            lock (_gate)
                return _turns.Runs;
        }
    }

    /// <summary>A share of its own for one model.</summary>
    public GateShare Join()
    {
        lock (_gate)
            return _turns.Join();
    }

    /// <summary>The model is gone.</summary>
    public void Part(GateShare share)
    {
        lock (_gate)
            _turns.Part(share);
    }

    /// <summary>Asks for a turn: see <see cref="GateTicket.Enter"/>.</summary>
    public void Ask(GateTicket ticket)
    {
        lock (_gate)
        {
            _turns.Ask(ticket);
            LetIn_NeedsLock();
        }
    }

    /// <summary>A run is over.</summary>
    public void Done(GateTicket ticket)
    {
        lock (_gate)
        {
            _turns.Done(ticket, time.GetElapsedTime(ticket.EnteredAt).TotalSeconds);
            LetIn_NeedsLock();
        }
    }

    private void LetIn_NeedsLock()
    {
        while (_turns.Next() is { } next)
        {
            next.EnteredAt = time.GetTimestamp();
            next.Grant();
        }
    }
}
