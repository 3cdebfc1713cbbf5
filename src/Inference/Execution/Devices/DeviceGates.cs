using Microsoft.Extensions.Options;

namespace Saccade.Inference.Execution.Devices;

/// <summary>The gates of all devices; models that share a device share its gate.</summary>
internal sealed class DeviceGates(IOptions<ExecutionOptions> options, TimeProvider time)
{
    // One run computes while another's input is copied and its kernels are being queued.
    private const int RunsPerAccelerator = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DeviceGate> _gates = [];

    /// <summary>The gate of the device on which such a session runs.</summary>
    public DeviceGate Of(SessionSpec spec)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(spec.Device, out var gate))
                _gates.Add(spec.Device, gate = new DeviceGate(Capacity(spec.Provider), time));
            return gate;
        }
    }

    /// <summary>What a run of such a session takes of its device.</summary>
    public static int Units(SessionSpec spec) => spec.Provider == ExecutionProvider.Cpu ? Math.Max(1, spec.IntraOpThreads) : 1;

    /// <summary>
    /// All cores, or what the configuration asks of one model if that is more: whoever wants more threads than cores shall have them.
    /// </summary>
    private int Capacity(ExecutionProvider provider)
    {
        if (provider != ExecutionProvider.Cpu)
            return Math.Max(RunsPerAccelerator, options.Value.Sessions);
        var plan = ExecutionPlan.For(provider, options.Value, Environment.ProcessorCount);
        return Math.Max(Environment.ProcessorCount, plan.Runs * Units(plan.Sessions[0].Spec));
    }
}
