namespace Saccade.Inference.Execution.Devices;

/// <summary>One worker's way through a device's gate, used again for each of its runs.</summary>
/// <param name="gate">The device's.</param>
/// <param name="share">Its model's.</param>
/// <param name="units">What a run takes of the device, at least 1.</param>
internal sealed class GateTicket(DeviceGate gate, GateShare share, int units)
{
    private bool _granted;

    /// <summary>Its model's share.</summary>
    public GateShare Share => share;

    /// <summary>What a run takes of the device.</summary>
    public int Units => units;

    /// <summary>Seconds it was charged with in advance; guarded by the gate, as is the next.</summary>
    public double Charged { get; set; }

    /// <summary>When it went in, as a timestamp.</summary>
    public long EnteredAt { get; set; }

    /// <summary>Whether its turn has come and it has not noticed yet.</summary>
    public bool IsGranted
    {
        get
        {
            lock (this)
                return _granted;
        }
    }

    /// <summary>Whether no other run is inside or waits, of any model.</summary>
    public bool IsAlone => gate.Runs == 1;

    /// <summary>Waits for a turn.</summary>
    public void Enter()
    {
        gate.Ask(this);
        lock (this)
        {
            while (!_granted)
                Monitor.Wait(this);
            _granted = false;
        }
    }

    /// <summary>Gives the turn back.</summary>
    public void Exit() => gate.Done(this);

    /// <summary>The gate lets it in.</summary>
    public void Grant()
    {
        lock (this)
        {
            _granted = true;
            Monitor.Pulse(this);
        }
    }
}
