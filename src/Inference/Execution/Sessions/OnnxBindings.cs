using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Saccade.Inference.Bundles;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Execution.Sessions;

/// <summary>
/// One session's runs on one set of tensors: for each number of rows, with and without features, what the runtime needs to know of them,
/// made once. An output that is not bound is not computed.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="tensors">Memory that both outlive; the runtime reads and writes it in place.</param>
/// <param name="copies">Whether binding an input copies it to a device, so that it must be bound anew for every run.</param>
internal sealed class OnnxBindings(InferenceSession session, CropTensors tensors, bool copies) : IDisposable
{
    private readonly RowBinding?[] _byRows = new RowBinding?[tensors.Capacity + 1];
    private readonly RowBinding?[] _withFeatures = new RowBinding?[tensors.Layout.Features is null ? 0 : tensors.Capacity + 1];
    private bool _disposed;

    /// <summary>Runs the first rows.</summary>
    /// <param name="options">Of the run.</param>
    /// <param name="rows">1 to the tensors' capacity.</param>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public void Run(RunOptions options, int rows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var bindings = tensors.WantsFeatures ? _withFeatures : _byRows;
        var binding = bindings[rows] ??= new RowBinding(session, tensors, rows, copies);
        if (copies)
        {
            binding.Io.BindInput(tensors.Layout.InputName, binding.Input);
            binding.Io.SynchronizeBoundInputs();
        }

        session.RunWithBinding(options, binding.Io);
        if (copies)
            binding.Io.SynchronizeBoundOutputs();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        foreach (var binding in _byRows.Concat(_withFeatures))
            binding?.Dispose();
    }

    private sealed class RowBinding : IDisposable
    {
        public RowBinding(InferenceSession session, CropTensors tensors, int rows, bool copies)
        {
            var layout = tensors.Layout;
            var type = layout.InputType == InputType.UInt8 ? TensorElementType.UInt8 : TensorElementType.Float;
            Input = Value(type, [rows, .. layout.InputShape], tensors.InputAddress, (long)rows * layout.CropBytes);
            Output = Value(
                TensorElementType.Float,
                [rows, .. layout.OutputShape],
                tensors.OutputAddress,
                (long)rows * layout.Classes * sizeof(float)
            );
            Io = session.CreateIoBinding();
            if (!copies)
                Io.BindInput(layout.InputName, Input);
            Io.BindOutput(layout.OutputName, Output);
            if (tensors.WantsFeatures && layout.Features is { } features)
            {
                Features = Value(
                    TensorElementType.Float,
                    [rows, .. features.Shape],
                    tensors.FeaturesAddress,
                    (long)rows * layout.FeaturesSize * sizeof(float)
                );
                Io.BindOutput(features.Name, Features);
            }
        }

        public OrtValue Input { get; }

        public OrtValue Output { get; }

        public OrtValue? Features { get; }

        public OrtIoBinding Io { get; }

        public void Dispose()
        {
            Io.Dispose();
            Input.Dispose();
            Output.Dispose();
            Features?.Dispose();
        }

        private static OrtValue Value(TensorElementType type, long[] shape, nint address, long bytes) =>
            OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, address, bytes);
    }
}
