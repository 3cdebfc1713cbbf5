namespace Saccade.Inference.Execution;

/// <summary>How one session is to be made.</summary>
/// <param name="Provider">CPU or CUDA; never Auto.</param>
/// <param name="DeviceId">CUDA device; 0 on a CPU.</param>
/// <param name="IntraOpThreads">Threads inside one run; 0 leaves it to the runtime.</param>
/// <param name="Spin">
/// Whether those threads wait for each other awake: sooner done when nothing else wants the cores, and at everyone's cost when something
/// does.
/// </param>
public sealed record SessionSpec(ExecutionProvider Provider, int DeviceId, int IntraOpThreads, bool Spin = false)
{
    /// <summary>The device, as operators read it.</summary>
    public string Device => Provider == ExecutionProvider.Cuda ? $"CUDA {DeviceId}" : "CPU";
}
