using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Onnx;

/// <summary>Runs an exported model through ONNX Runtime on the processor, for checks and measurements; serving has its own
/// sessions.</summary>
public sealed class OnnxRunner : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();

    /// <summary>Loads a model.</summary>
    /// <param name="model">The content of <c>model.onnx</c>.</param>
    /// <param name="threads">Threads that compute; 0 leaves the choice to ONNX Runtime.</param>
    /// <param name="optimise">Whether the runtime may rewrite the graph, as it does for serving; otherwise every operator runs as it is
    /// written.</param>
    /// <exception cref="InvalidDataException">
    /// ONNX Runtime refuses it, or it has not one input, 32-bit floats [N, 3, H, W] or bytes [N, H, W, 3], and one output, 32-bit floats
    /// [N, classes], beside which there may be <c>features</c>, 32-bit floats [N, size].
    /// </exception>
    public OnnxRunner(byte[] model, int threads = 0, bool optimise = true)
    {
        try
        {
            // What ONNX Runtime would log is in the exception's message too.
            using var options = new SessionOptions
            {
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                IntraOpNumThreads = threads,
                GraphOptimizationLevel = optimise ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
            };
            // Threads that spin on after a run would take the cores from what is computed between two of them.
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");
            _session = new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"model.onnx: ONNX Runtime refuses it: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        try
        {
            (InputName, var input) = Only(_session.InputMetadata, "input");
            var outputs = _session.OutputMetadata.ToDictionary(StringComparer.Ordinal);
            if (outputs.Count > 1 && outputs.Remove(OnnxWriter.FeaturesName, out var features))
                FeaturesSize = SizeOf(OnnxWriter.FeaturesName, features, "size");
            (OutputName, var output) = Only(outputs, "output");
            TakesPixels = input.ElementDataType == TensorElementType.UInt8;
            Input = (input.ElementDataType, input.Dimensions) switch
            {
                (TensorElementType.Float, [-1, 3, > 0 and var height, > 0 and var width]) => new Shape(3, height, width),
                (TensorElementType.UInt8, [-1, > 0 and var height, > 0 and var width, 3]) => new Shape(3, height, width),
                _ => throw new InvalidDataException(
                    $"model.onnx: input {Text(input)} is neither Float [N, 3, H, W] nor UInt8 [N, H, W, 3]"
                ),
            };
            Classes = SizeOf("output", output, "classes");
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

    /// <summary>Shape of one image.</summary>
    public Shape Input { get; }

    /// <summary>Whether the graph normalises: its input is pixels then.</summary>
    public bool TakesPixels { get; }

    /// <summary>Values per image in the output.</summary>
    public int Classes { get; }

    /// <summary>Values per image in the features; 0 where the graph does not give them.</summary>
    public int FeaturesSize { get; }

    /// <summary>The model's own free text.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>Computes the logits of a batch.</summary>
    /// <param name="images">
    /// [N, 3, H, W], row-major, N following from the length; whole numbers 0 to 255 if <see cref="TakesPixels"/>, otherwise normalised.
    /// </param>
    /// <returns>[N, classes].</returns>
    /// <exception cref="InvalidDataException">ONNX Runtime fails, or answers with another shape.</exception>
    public float[] Run(float[] images) => Run(images, OutputName, Classes);

    /// <summary>Computes the features of a batch; the graph must give them.</summary>
    /// <param name="images">As for <see cref="Run(float[])"/>.</param>
    /// <returns>[N, size].</returns>
    /// <exception cref="InvalidDataException">ONNX Runtime fails, or answers with another shape.</exception>
    public float[] RunFeatures(float[] images) => Run(images, OnnxWriter.FeaturesName, FeaturesSize);

    private float[] Run(float[] images, string output, int size)
    {
        ArgumentNullException.ThrowIfNull(images);
        var batch = images.Length / Input.Count;
        try
        {
            using var input = TakesPixels
                ? OrtValue.CreateTensorValueFromMemory(Interleave(images), [batch, Input.Height, Input.Width, Input.Channels])
                : OrtValue.CreateTensorValueFromMemory(images, [batch, Input.Channels, Input.Height, Input.Width]);
            using var outputs = _session.Run(_options, [InputName], [input], [output]);
            var values = outputs[0].GetTensorDataAsSpan<float>().ToArray();
            return values.Length == batch * size
                ? values
                : throw new InvalidDataException($"model.onnx: {batch} images gave {values.Length} values, not {batch}×{size}");
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

    private byte[] Interleave(float[] images)
    {
        var plane = Input.Height * Input.Width;
        var bytes = new byte[images.Length];
        for (var i = 0; i < images.Length; i++)
        {
            var (image, channel, pixel) = (i / (plane * Input.Channels), i / plane % Input.Channels, i % plane);
            bytes[(((image * plane) + pixel) * Input.Channels) + channel] = (byte)MathF.Round(images[i]);
        }

        return bytes;
    }

    private static int SizeOf(string what, NodeMetadata tensor, string size) =>
        (tensor.IsTensor, tensor.ElementDataType, tensor.Dimensions) is (true, TensorElementType.Float, [-1, > 0 and var values])
            ? values
            : throw new InvalidDataException($"model.onnx: {what} {Text(tensor)} is not Float [N, {size}]");

    private static (string Name, NodeMetadata Tensor) Only(IReadOnlyDictionary<string, NodeMetadata> tensors, string what) =>
        tensors.Count == 1 && tensors.Single() is { Value.IsTensor: true } only
            ? (only.Key, only.Value)
            : throw new InvalidDataException($"model.onnx: has {tensors.Count} {what}s, or not tensors");

    private static string Text(NodeMetadata tensor) =>
        $"{tensor.ElementDataType} [{string.Join(", ", tensor.Dimensions.Select(size => size < 0 ? "N" : $"{size}"))}]";
}
