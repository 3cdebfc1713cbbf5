using Microsoft.ML.OnnxRuntime;

namespace Saccade.Inference.Execution;

/// <summary>
/// CUDA for a session, by whichever way the runtime has it: built in, or as a library of its own beside the program, which newer builds load and ask for
/// its devices.
/// </summary>
internal static class CudaProvider
{
    private const string Name = "CUDAExecutionProvider";
    private const string Library = "libonnxruntime_providers_cuda.so";
    private const string RegisteredAs = "saccade-cuda";

    private static readonly Lock Gate = new();
    private static string? _registered;

    /// <summary>Adds CUDA to a session's options.</summary>
    /// <param name="options">Of the session to be made.</param>
    /// <param name="deviceId">Which device, from 0.</param>
    /// <exception cref="NotSupportedException">There is no CUDA here, or no such device; the message says what was looked for.</exception>
    /// <exception cref="OnnxRuntimeException">There is, but it cannot be loaded.</exception>
    public static void Append(SessionOptions options, int deviceId)
    {
        var runtime = OrtEnv.Instance();
        if (runtime.GetAvailableProviders().Contains(Name))
        {
            options.AppendExecutionProvider_CUDA(deviceId);
            return;
        }

        Register(runtime, AppContext.BaseDirectory);
        OrtEpDevice[] devices = [.. runtime.GetEpDevices().Where(device => device.EpName == Name)];
        if (deviceId >= devices.Length)
        {
            throw new NotSupportedException($"The runtime sees {devices.Length} CUDA device(s); there is no device {deviceId}.");
        }

        options.AppendExecutionProvider(runtime, [devices[deviceId]], new Dictionary<string, string>());
    }

    /// <summary>Where the provider's library may be: beside the program, or where packages put native files.</summary>
    /// <param name="folder">The program's.</param>
    internal static IReadOnlyList<string> Candidates(string folder) =>
        [Path.Combine(folder, Library), Path.Combine(folder, "runtimes", "linux-x64", "native", Library)];

    private static void Register(OrtEnv runtime, string folder)
    {
        lock (Gate)
        {
            if (_registered is not null) return;
            var path = Candidates(folder).FirstOrDefault(File.Exists)
                ?? throw new NotSupportedException($"This build of ONNX Runtime has no CUDA, and {Library} is not beside the program.");
            runtime.RegisterExecutionProviderLibrary(RegisteredAs, path);
            _registered = path;
        }
    }
}
