using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Device;

/// <summary>How tensors get to the device and back in a run of ONNX Runtime by itself.</summary>
internal enum Transfer
{
    /// <summary>Input and output are in the program's memory: every run copies both.</summary>
    Copied,

    /// <summary>Both stay on the device: what it can compute.</summary>
    Resident,

    /// <summary>The same, recorded once as a CUDA graph and replayed.</summary>
    Graph,
}

/// <summary>One session with its tensors bound, ready to be run again and again.</summary>
internal sealed class BoundRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _input;
    private readonly HostTensor? _host;
    private readonly OrtValue? _output;
    private readonly OrtAllocator? _allocator;
    private readonly bool _copies;
    private readonly string _inputName;

    /// <summary>Loads the graph and binds random input.</summary>
    public BoundRun(Accelerator accelerator, DeviceBundle bundle, int batch, Transfer transfer, int threads)
    {
        var manifest = bundle.Manifest;
        (_inputName, _copies) = (manifest.Input.Name, transfer == Transfer.Copied);
        _session = accelerator.Load(bundle.Graph, threads, transfer == Transfer.Graph);
        _binding = _session.CreateIoBinding();
        using var memory = accelerator.Memory;
        if (_copies)
        {
            _host = HostTensor.Random(manifest.Input, batch);
            _input = _host.Value;
            _binding.BindInput(_inputName, _input);
            _binding.BindOutputToDevice(manifest.Output, OrtMemoryInfo.DefaultInstance);
            return;
        }

        _allocator = new OrtAllocator(_session, memory);
        var type = manifest.Input.Type == InputType.UInt8 ? TensorElementType.UInt8 : TensorElementType.Float;
        _input = OrtValue.CreateAllocatedTensorValue(_allocator, type, HostTensor.Shape(manifest.Input, batch));
        _binding.BindInput(_inputName, _input);
        if (transfer == Transfer.Graph)
        {
            // A recorded run writes where it wrote when it was recorded.
            _output = OrtValue.CreateAllocatedTensorValue(_allocator, TensorElementType.Float, [batch, manifest.Labels.Count]);
            _binding.BindOutput(manifest.Output, _output);
        }
        else
        {
            _binding.BindOutputToDevice(manifest.Output, memory);
        }
    }

    /// <summary>Runs once, to the end.</summary>
    public void Run()
    {
        // Binding is what copies: a pool binds anew for each batch too.
        if (_copies)
            _binding.BindInput(_inputName, _input);
        _session.RunWithBinding(_options, _binding);
        _binding.SynchronizeBoundOutputs();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _input.Dispose();
        _host?.Dispose();
        _output?.Dispose();
        _allocator?.Dispose();
        _options.Dispose();
        _session.Dispose();
    }
}
