namespace Saccade.Inference.Execution;

/// <summary>How one session is to be made.</summary>
/// <param name="Provider">CPU or CUDA; never Auto.</param>
/// <param name="DeviceId">CUDA device; 0 on a CPU.</param>
/// <param name="IntraOpThreads">Threads inside one run; 0 leaves it to the runtime.</param>
public sealed record SessionSpec(ExecutionProvider Provider, int DeviceId, int IntraOpThreads)
{
    /// <summary>The device, as operators read it.</summary>
    public string Device => Provider == ExecutionProvider.Cuda ? $"CUDA {DeviceId}" : "CPU";
}
