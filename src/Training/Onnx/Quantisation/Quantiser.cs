using Google.Protobuf;
using Saccade.Inference.Bundles;
using Saccade.Training.Networks;

namespace Saccade.Training.Onnx.Quantisation;

/// <summary>From a folded network and images to its integer graph, and to an order of what to leave in floats if that graph is not good
/// enough.</summary>
internal sealed class Quantiser
{
    private readonly Network _network;
    private readonly IReadOnlyDictionary<string, float[]> _weights;
    private readonly Dictionary<Node, Scale> _scales;
    private readonly IReadOnlyDictionary<string, string> _metadata;
    private readonly ManifestPreprocessing _preprocessing;
    private readonly ExportFormat _format;

    /// <summary>Rewrites the network for integers and measures its values.</summary>
    /// <param name="network">Folded.</param>
    /// <param name="weights">Its tensors by name.</param>
    /// <param name="manifest">Preprocessing and what goes into the graph.</param>
    /// <param name="format">Of the input.</param>
    /// <param name="images">To measure activation ranges on, as <see cref="Pixels"/> says.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public Quantiser(
        Network network,
        IReadOnlyDictionary<string, float[]> weights,
        ModelManifest manifest,
        ExportFormat format,
        IReadOnlyList<float[]> images,
        CancellationToken cancellation
    )
    {
        (_network, _weights) = PoolCommutation.Apply(network, weights);
        _metadata = ModelMetadata.InGraph(manifest);
        _preprocessing = manifest.Preprocessing;
        _format = format;
        var plane = network.Input.Output.Height * network.Input.Output.Width;
        _scales = ActivationRanges.Measure(
            new QuantisationPlan(_network),
            _weights,
            images.Select(image => Pixels.Normalise(image, plane, _preprocessing)),
            cancellation
        );
    }

    /// <summary>The graph, some convolutions of it in floats.</summary>
    /// <param name="floats">Their names.</param>
    public byte[] Encode(IReadOnlyCollection<string> floats)
    {
        var plan = new QuantisationPlan(_network, _network.Nodes.Where(node => floats.Contains(node.Name)).ToHashSet());
        return QuantisedGraph
            .Encode(plan, _weights, _scales, _metadata, _format.Input == InputType.UInt8 ? _preprocessing : null, _format.Features)
            .ToByteArray();
    }

    /// <summary>Convolutions by how much closer to the float graph's the logits come when each alone is left in floats, the most
    /// first.</summary>
    /// <param name="reference">The float graph.</param>
    /// <param name="images">As <see cref="Pixels"/> says.</param>
    /// <param name="cancellation">Stops between convolutions.</param>
    public IReadOnlyList<string> MostHarmful(OnnxRunner reference, float[] images, CancellationToken cancellation)
    {
        var expected = reference.Run(ParityCheck.Feed(reference, images, _preprocessing));
        return
        [
            .. new QuantisationPlan(_network)
                .Convolutions.Select(node =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    using var runner = new OnnxRunner(Encode([node.Name]));
                    return (node.Name, Error: Error(expected, runner.Run(ParityCheck.Feed(runner, images, _preprocessing))));
                })
                .OrderBy(one => one.Error)
                .Select(one => one.Name),
        ];
    }

    /// <summary>Mean cosine between the logits of two graphs, image by image: 1 where they agree but for their size.</summary>
    public static double Cosine(float[] expected, float[] actual, int classes) =>
        expected
            .Chunk(classes)
            .Zip(
                actual.Chunk(classes),
                (one, other) =>
                {
                    var (dot, left, right) = (0.0, 0.0, 0.0);
                    for (var i = 0; i < one.Length; i++)
                        (dot, left, right) = (
                            dot + ((double)one[i] * other[i]),
                            left + ((double)one[i] * one[i]),
                            right + ((double)other[i] * other[i])
                        );
                    return dot / Math.Sqrt(Math.Max(left * right, double.Epsilon));
                }
            )
            .Average();

    private static double Error(float[] expected, float[] actual) =>
        expected.Zip(actual, (one, other) => ((double)one - other) * ((double)one - other)).Sum();
}
