using Microsoft.ML.OnnxRuntime;

namespace Saccade.Bench.Device;

/// <summary>What runs the graph when ONNX Runtime is measured by itself.</summary>
internal sealed class Accelerator
{
    private readonly bool _cuda;

    private Accelerator(bool cuda) => _cuda = cuda;

    /// <summary>Device 0.</summary>
    public static Accelerator Cuda { get; } = new(cuda: true);

    /// <summary>The processor, to try everything but the device.</summary>
    public static Accelerator Cpu { get; } = new(cuda: false);

    /// <summary>By its name on the command line.</summary>
    /// <exception cref="ArgumentException">There is none such.</exception>
    public static Accelerator Of(string name) =>
        name switch
        {
            "cuda" => Cuda,
            "cpu" => Cpu,
            _ => throw new ArgumentException($"--provider must be cuda or cpu; it is '{name}'.", nameof(name)),
        };

    /// <summary>Its name in the service's configuration.</summary>
    public string Setting => _cuda ? "Cuda" : "Cpu";

    /// <summary>Where ONNX Runtime keeps tensors that stay on it.</summary>
    public OrtMemoryInfo Memory =>
        _cuda
            ? new OrtMemoryInfo("Cuda", OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default)
            : new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);

    /// <summary>
    /// The numbers that 32-bit graphs are computed with: cuDNN and cuBLAS use TF32 where they may, and this variable, which they read when
    /// they are loaded, is the one way to forbid it that the service obeys too.
    /// </summary>
    public string Fp32 => _cuda && Environment.GetEnvironmentVariable("NVIDIA_TF32_OVERRIDE") != "0" ? "tf32" : "fp32";

    /// <summary>A session.</summary>
    /// <param name="graph">Path of <c>model.onnx</c>.</param>
    /// <param name="threads">Threads inside a run on the processor; 0 leaves it to the runtime.</param>
    /// <param name="cudaGraph">Whether a run is recorded once and replayed.</param>
    public InferenceSession Load(string graph, int threads = 0, bool cudaGraph = false)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            IntraOpNumThreads = threads,
        };
        if (cudaGraph && !_cuda)
            throw new NotSupportedException("The processor records no graphs.");
        if (_cuda)
            AppendCuda(options, cudaGraph ? new() { ["enable_cuda_graph"] = "1" } : []);
        return new InferenceSession(graph, options);
    }

    private static void AppendCuda(SessionOptions options, Dictionary<string, string> settings)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(settings);
        options.AppendExecutionProvider_CUDA(cuda);
    }
}
