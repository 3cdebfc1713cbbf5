using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Saccade.Inference.Execution.Devices;

/// <summary>
/// CUDA for a session. What it needs is looked for first: asked in vain, ONNX Runtime writes an error of its own for every model.
/// </summary>
internal static class CudaProvider
{
    private const string Driver = "libcuda.so.1";
    private const string Library = "libonnxruntime_providers_cuda.so";

    /// <summary>Adds CUDA to a session's options.</summary>
    /// <param name="options">Of the session to be made.</param>
    /// <param name="deviceId">Which device, from 0.</param>
    /// <exception cref="NotSupportedException">There is no CUDA here; the message says what was looked for.</exception>
    /// <exception cref="OnnxRuntimeException">There is, but it cannot be loaded, or it has no such device.</exception>
    public static void Append(SessionOptions options, int deviceId)
    {
        if (Missing(AppContext.BaseDirectory, HasDriver()) is { } missing)
            throw new NotSupportedException(missing);
        options.AppendExecutionProvider_CUDA(deviceId);
    }

    /// <summary>What CUDA lacks here, or null.</summary>
    /// <param name="folder">The program's.</param>
    /// <param name="driver">Whether NVIDIA's driver can be loaded.</param>
    internal static string? Missing(string folder, bool driver)
    {
        if (!driver)
            return $"There is no NVIDIA driver: {Driver} cannot be loaded.";

        // Beside the program after a build or publish for one platform, under "runtimes" after one for all.
        string[] places = [Path.Combine(folder, Library), Path.Combine(folder, "runtimes", "linux-x64", "native", Library)];
        return places.Any(File.Exists) ? null : $"{Library} is not beside the program; a build with -p:CudaProviders=true brings it.";
    }

    /// <summary>Whether NVIDIA's driver can be loaded.</summary>
    internal static bool HasDriver()
    {
        if (!NativeLibrary.TryLoad(Driver, out nint driver))
            return false;
        NativeLibrary.Free(driver);
        return true;
    }
}
