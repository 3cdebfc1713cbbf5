using Microsoft.ML.OnnxRuntime;
using Saccade.Inference.Execution.Devices;

namespace Saccade.Inference.Execution.Sessions;

/// <summary>From what a session should be to the runtime's options.</summary>
internal static class SessionOptionsFactory
{
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
            // Threads that spin take the cores from decoding and from other runs: on a busy machine a run then costs up to twice the
            // processor time. A run that has the machine to itself gains a sixth by it (docs/decisions), and the spinning stops when it
            // returns.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", spec.Spin ? "1" : "0");
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");
            if (spec.Provider == ExecutionProvider.Cuda)
                CudaProvider.Append(options, spec.DeviceId);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }
}
