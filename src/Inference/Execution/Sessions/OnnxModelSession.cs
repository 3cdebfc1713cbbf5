using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Saccade.Inference.Bundles;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Execution.Sessions;

/// <summary>A network in ONNX Runtime.</summary>
internal sealed class OnnxModelSession : IModelSession
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly ConditionalWeakTable<CropTensors, OnnxBindings> _bindings = [];
    private readonly ConditionalWeakTable<CropTensors, OnnxBindings>.CreateValueCallback _bind;

    /// <summary>Loads and optimises the graph.</summary>
    /// <exception cref="OnnxRuntimeException">The file is no valid model, or the device refuses it.</exception>
    /// <exception cref="InvalidDataException">It is a model, but no image classifier.</exception>
    /// <exception cref="IOException">Weights beside it cannot be copied.</exception>
    public OnnxModelSession(string modelPath, SessionSpec spec)
    {
        using var options = SessionOptionsFactory.Create(spec);
        _session = ExternalWeights.Open(modelPath, options);
        _bind = tensors => new OnnxBindings(_session, tensors, copies: spec.Provider != ExecutionProvider.Cpu);
        try
        {
            Graph = ReadGraph(_session);
        }
        catch
        {
            _session.Dispose();
            _runOptions.Dispose();
            throw;
        }
    }

    /// <summary>Loads a graph on the CPU, to look at it.</summary>
    /// <exception cref="InvalidDataException">The file is no valid model, or no image classifier.</exception>
    public static OnnxModelSession Inspect(string modelPath)
    {
        try
        {
            return new OnnxModelSession(modelPath, new SessionSpec(ExecutionProvider.Cpu, DeviceId: 0, IntraOpThreads: 1));
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidDataException($"ONNX Runtime refuses {Path.GetFileName(modelPath)}: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public ModelGraph Graph { get; }

    /// <inheritdoc/>
    public void Run(CropTensors tensors, int count)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, tensors.Capacity);
        _bindings.GetValue(tensors, _bind).Run(_runOptions, tensors.Layout.FixedBatch ?? count);
    }

    /// <inheritdoc/>
    public void Abort() => _runOptions.Terminate = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, bindings) in _bindings)
            bindings.Dispose();
        _session.Dispose();
        _runOptions.Dispose();
    }

    private static ModelGraph ReadGraph(InferenceSession session)
    {
        if (session.InputMetadata.Count != 1)
        {
            throw new InvalidDataException($"An image classifier has one input; this graph has {session.InputMetadata.Count}.");
        }

        var (name, input) = session.InputMetadata.First();
        if (!input.IsTensor || input.Dimensions.Length != 4)
        {
            throw new InvalidDataException($"Input '{name}' must be a tensor of four axes.");
        }

        var type = input.ElementDataType switch
        {
            TensorElementType.Float => InputType.Float32,
            TensorElementType.UInt8 => InputType.UInt8,
            var other => throw new InvalidDataException($"Input '{name}' has elements of type {other}; Float and UInt8 are served."),
        };
        var outputs = session
            .OutputMetadata.Where(output => output.Value.IsTensor && output.Value.ElementDataType == TensorElementType.Float)
            .Select(output => KeyValuePair.Create<string, IReadOnlyList<long>>(output.Key, Shape(output.Value)))
            .ToArray();
        return outputs.Length > 0
            ? new ModelGraph(name, type, Shape(input), outputs)
            : throw new InvalidDataException("The graph has no output of type Float.");
    }

    private static long[] Shape(NodeMetadata node) => Array.ConvertAll(node.Dimensions, side => (long)side);
}
