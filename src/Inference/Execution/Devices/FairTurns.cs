namespace Saccade.Inference.Execution.Devices;

/// <summary>
/// Who runs next on a device that several models share: start-time fair queueing. Each share has a clock that its own runs move on by the
/// time they took; among those who wait, the share whose clock is furthest behind goes first. Not thread-safe, no waiting:
/// <see cref="DeviceGate"/> does both.
/// </summary>
/// <param name="capacity">Units that may be inside at once: threads on a CPU, runs on an accelerator; at least 1.</param>
internal sealed class FairTurns(int capacity)
{
    private readonly List<GateShare> _shares = [];
    private double _now;
    private int _inside;

    /// <summary>Runs inside or waiting.</summary>
    public int Runs { get; private set; }

    /// <summary>A share of its own for one model.</summary>
    public GateShare Join()
    {
        var share = new GateShare();
        _shares.Add(share);
        return share;
    }

    /// <summary>The model is gone.</summary>
    public void Part(GateShare share) => _shares.Remove(share);

    /// <summary>Asks for a turn, which <see cref="Next"/> grants.</summary>
    public void Ask(GateTicket ticket)
    {
        // Whoever has been idle does not save up: it starts level with those who run.
        var share = ticket.Share;
        if (share.Runs == 0)
            share.Clock = Math.Max(share.Clock, _now);
        share.Runs++;
        Runs++;
        share.Waiting.Enqueue(ticket);
    }

    /// <summary>The next to go in, which is inside from now on; null while there is no room or nobody waits.</summary>
    public GateTicket? Next()
    {
        GateShare? first = null;
        foreach (var share in _shares)
        {
            if (share.Waiting.Count > 0 && (first is null || share.Clock < first.Clock))
                first = share;
        }

        if (first is null)
            return null;
        var ticket = first.Waiting.Peek();
        if (_inside > 0 && _inside + ticket.Units > capacity)
            return null;
        first.Waiting.Dequeue();
        _inside += ticket.Units;
        _now = first.Clock;

        // Charged in advance with what the last run took, or the same share would get every turn until its first run is over.
        ticket.Charged = first.LastRun;
        first.Clock += ticket.Units * ticket.Charged;
        return ticket;
    }

    /// <summary>A run is over, or a turn was not needed.</summary>
    /// <param name="ticket">From <see cref="Next"/>.</param>
    /// <param name="seconds">How long it was inside.</param>
    public void Done(GateTicket ticket, double seconds)
    {
        var share = ticket.Share;
        _inside -= ticket.Units;
        share.Runs--;
        Runs--;
        share.Clock += ticket.Units * (seconds - ticket.Charged);
        share.LastRun = seconds;
    }
}

/// <summary>One model's share of a device.</summary>
internal sealed class GateShare
{
    /// <summary>Device time used, in unit-seconds, level with the others' when it comes back from being idle.</summary>
    public double Clock { get; set; }

    /// <summary>Seconds of its last run.</summary>
    public double LastRun { get; set; }

    /// <summary>Its runs inside or waiting.</summary>
    public int Runs { get; set; }

    /// <summary>Its runs that wait, in their order.</summary>
    public Queue<GateTicket> Waiting { get; } = new();
}
