using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Saccade.Training.Networks;
using static Saccade.Training.Onnx.Schema.TensorProto.Types;

namespace Saccade.Training.Onnx.Quantisation;

/// <summary>Finds the scale of every value by running images through the float graph in ONNX Runtime, twice: for the limits, then for
/// what lies between.</summary>
internal static class ActivationRanges
{
    private const int Batch = 4;

    /// <param name="plan">Says what is to be measured.</param>
    /// <param name="weights">The network's.</param>
    /// <param name="images">Normalised, each [3, H, W]; gone through twice.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>For each group's root its scale.</returns>
    public static Dictionary<Node, Scale> Measure(
        QuantisationPlan plan,
        IReadOnlyDictionary<string, float[]> weights,
        IEnumerable<float[]> images,
        CancellationToken cancellation
    )
    {
        var input = plan.Network.Input;
        var measured = plan.Measured.Where(node => node != input).ToArray();
        using var session = Open(plan.Network, weights, measured);

        var limits = plan
            .Measured.Select(plan.Root)
            .Distinct()
            .ToDictionary(root => root, _ => (Low: float.PositiveInfinity, High: float.NegativeInfinity));
        Run(
            (node, values) =>
            {
                var root = plan.Root(node);
                var (low, high) = limits[root];
                foreach (var value in values)
                    (low, high) = (Math.Min(low, value), Math.Max(high, value));
                limits[root] = (low, high);
            }
        );

        if (limits.Any(limit => !float.IsFinite(limit.Value.Low) || !float.IsFinite(limit.Value.High)))
            throw new InvalidDataException(
                "The network computes values that are not finite for the images that activation ranges are measured on."
            );
        var histograms = limits.ToDictionary(limit => limit.Key, limit => new Histogram(limit.Value.Low, limit.Value.High));
        Run((node, values) => histograms[plan.Root(node)].Add(values));
        return histograms.ToDictionary(pair => pair.Key, pair => pair.Value.BestScale());

        void Run(Action<Node, ReadOnlySpan<float>> take)
        {
            using var options = new RunOptions();
            foreach (var batch in images.Chunk(Batch))
            {
                cancellation.ThrowIfCancellationRequested();
                float[] pixels = [.. batch.SelectMany(image => image)];
                take(input, pixels);
                var shape = input.Output;
                using var tensor = OrtValue.CreateTensorValueFromMemory(pixels, [batch.Length, shape.Channels, shape.Height, shape.Width]);
                using var outputs = session.Run(options, [OnnxWriter.InputName], [tensor], [.. measured.Select(node => node.Name)]);
                foreach (var (node, output) in measured.Zip(outputs))
                    take(node, output.GetTensorDataAsSpan<float>());
            }
        }
    }

    private static InferenceSession Open(Network network, IReadOnlyDictionary<string, float[]> weights, IEnumerable<Node> measured)
    {
        var model = OnnxWriter.Encode(network, weights, new Dictionary<string, string>());
        foreach (var node in measured)
            model.Graph.Output.Add(Graphs.Value(node.Name, DataType.Float, node.Output.Channels, node.Output.Height, node.Output.Width));
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        return new InferenceSession(model.ToByteArray(), options);
    }
}
