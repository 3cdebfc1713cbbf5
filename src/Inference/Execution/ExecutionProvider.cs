namespace Saccade.Inference.Execution;

/// <summary>What runs a network.</summary>
public enum ExecutionProvider
{
    /// <summary>CUDA where the runtime has it and a session can be made, the CPU otherwise; the log says which, and why.</summary>
    Auto,

    /// <summary>The processor's own cores.</summary>
    Cpu,

    /// <summary>An NVIDIA device; a model fails to load where there is none.</summary>
    Cuda,
}
