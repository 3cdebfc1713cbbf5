using Microsoft.ML.OnnxRuntime;

namespace Saccade.Inference.Execution;

/// <summary>From what a session should be to the runtime's options.</summary>
internal static class SessionOptionsFactory
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Whether this build of the runtime knows CUDA. That a device is there shows only when a session is made.</summary>
    public static bool RuntimeHasCuda => OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider);

    /// <summary>The runtime's options; the caller disposes them.</summary>
    public static SessionOptions Create(SessionSpec spec)
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = spec.IntraOpThreads,
        };
        try
        {
            // Idle pool threads that spin take the cores from decoding and from the other sessions.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            if (spec.Provider == ExecutionProvider.Cuda) options.AppendExecutionProvider_CUDA(spec.DeviceId);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }
}
