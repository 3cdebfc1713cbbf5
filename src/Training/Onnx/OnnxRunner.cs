using Microsoft.ML.OnnxRuntime;
using Saccade.Training.Networks;

namespace Saccade.Training.Onnx;

/// <summary>Runs an exported model through ONNX Runtime on the processor, for checks and measurements; serving has its own sessions.</summary>
public sealed class OnnxRunner : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();

    /// <summary>Loads a model.</summary>
    /// <param name="model">The content of <c>model.onnx</c>.</param>
    /// <param name="threads">Threads that compute; 0 leaves the choice to ONNX Runtime.</param>
    /// <exception cref="InvalidDataException">
    /// ONNX Runtime refuses it, or it does not have one [N, 3, H, W] input and one [N, classes] output, both of 32-bit floats.
    /// </exception>
    public OnnxRunner(byte[] model, int threads = 0)
    {
        try
        {
            // What ONNX Runtime would log is in the exception's message too.
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = threads };
            _session = new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"model.onnx: ONNX Runtime refuses it: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        try
        {
            (InputName, var input) = Only(_session.InputMetadata, "input");
            (OutputName, var output) = Only(_session.OutputMetadata, "output");
            if (input is not [-1, 3, > 0, > 0] || output is not [-1, > 0])
                throw new InvalidDataException($"model.onnx: input {Sizes(input)} and output {Sizes(output)} are not [N, 3, H, W] and [N, classes]");

            Input = new Shape(input[1], input[2], input[3]);
            Classes = output[1];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The input tensor's name.</summary>
    public string InputName { get; }

    /// <summary>The output tensor's name.</summary>
    public string OutputName { get; }

    /// <summary>Shape of one picture.</summary>
    public Shape Input { get; }

    /// <summary>Values per picture in the output.</summary>
    public int Classes { get; }

    /// <summary>The model's own free text.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>Computes the logits of a batch.</summary>
    /// <param name="pictures">[N, 3, H, W], row-major; N follows from the length.</param>
    /// <returns>[N, classes].</returns>
    /// <exception cref="InvalidDataException">ONNX Runtime fails, or answers with another shape.</exception>
    public float[] Run(float[] pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var batch = pictures.Length / Input.Count;
        try
        {
            using var input = OrtValue.CreateTensorValueFromMemory(pictures, [batch, Input.Channels, Input.Height, Input.Width]);
            using var outputs = _session.Run(_options, [InputName], [input], [OutputName]);
            var logits = outputs[0].GetTensorDataAsSpan<float>().ToArray();
            return logits.Length == batch * Classes
                ? logits
                : throw new InvalidDataException($"model.onnx: {batch} pictures gave {logits.Length} values, not {batch}×{Classes}");
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"model.onnx: does not run for N={batch}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }

    private static (string Name, int[] Sizes) Only(IReadOnlyDictionary<string, NodeMetadata> tensors, string what) =>
        tensors.Count == 1 && tensors.Single() is { Value.ElementType: var type } only && type == typeof(float)
            ? (only.Key, only.Value.Dimensions)
            : throw new InvalidDataException($"model.onnx: has {tensors.Count} {what}s, or not of 32-bit floats");

    private static string Sizes(int[] sizes) => $"[{string.Join(", ", sizes.Select(size => size < 0 ? "N" : $"{size}"))}]";
}
