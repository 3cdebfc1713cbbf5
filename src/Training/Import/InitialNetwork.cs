using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx;
using Saccade.Training.Weights;
using static TorchSharp.torch;

namespace Saccade.Training.Import;

/// <summary>A trained network that a run starts from.</summary>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Network">Which network it is.</param>
/// <param name="Graph">The same as a graph.</param>
/// <param name="Weights">Its tensors by name, row-major; those of auxiliary classifiers may be missing.</param>
/// <param name="Preprocessing">What images go through before it sees them.</param>
internal sealed record InitialNetwork(
    RunInit Origin,
    RunNetwork Network,
    Network Graph,
    IReadOnlyDictionary<string, float[]> Weights,
    ManifestPreprocessing Preprocessing
)
{
    // Statistics of a channel over so many images are known to a few per cent.
    private const int MeasuredImages = 512;

    /// <summary>Its classes; null where the source does not name them.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Whether its batch-norm statistics were folded away, so that they have to be measured again.</summary>
    public bool IsUnfolded { get; init; }

    /// <summary>Gives a network these weights. Classifiers of other classes, and layers that the source has not, keep their own.</summary>
    /// <param name="module">The same network, with classes of its own.</param>
    /// <param name="labels">Its classes.</param>
    /// <param name="preprocessing">What the run does to images before the network sees them.</param>
    /// <param name="images">What statistics are measured on, if need be.</param>
    /// <param name="say">Told what was replaced, a line each.</param>
    /// <exception cref="InvalidDataException">A layer before the classifier is not as in the source.</exception>
    public void Apply(
        NetworkModule module,
        IReadOnlyList<string> labels,
        ManifestPreprocessing preprocessing,
        IImageSource images,
        Action<string> say
    )
    {
        var network = module.Network;
        var fresh = CopyTo(
            module,
            Labels is null ? Graph.Classes == network.Classes : Labels.SequenceEqual(labels, StringComparer.Ordinal)
        );
        say(
            fresh.Contains(network.Logits)
                ? $"head: {Graph.Classes} -> {network.Classes} classes, new weights {ShapeOf(network.Logits)}"
                : $"head: kept, {network.Classes} classes"
        );
        if (fresh.Where(node => node != network.Logits).ToArray() is { Length: > 0 } aux)
            say($"auxiliary classifiers: new weights {string.Join(", ", aux.Select(node => $"{node.Name} {ShapeOf(node)}"))}");
        if (IsUnfolded)
        {
            var count = Math.Min(MeasuredImages, images.Count);
            EvaluationCrops crops = new(CropMode.Single, preprocessing, network.Input.Output.Height);
            BatchNormUnfolding.Measure(module, Spread(images, crops, count));
            say($"batch norm: statistics measured on {count:N0} training images, because a bundle keeps none");
        }
    }

    /// <summary>The network itself with these weights, for answers alone: without auxiliary classifiers, and as it left training, so that
    /// no statistics have to be measured.</summary>
    /// <param name="classes">Number of its classes.</param>
    public NetworkModule Build(int classes)
    {
        NetworkModule module = new(RunNetworks.Build(Network with { Classes = classes, Aux = false }));
        _ = CopyTo(module, sameClasses: true);
        return module;
    }

    /// <summary>Copies the weights of every layer that the source has; the layers that keep their own are the result.</summary>
    private List<Node> CopyTo(NetworkModule module, bool sameClasses)
    {
        var network = module.Network;
        var backbone = network.Backbone.ToHashSet();
        var source = Graph.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        var state = module.state_dict();
        List<Node> fresh = [];
        using var _ = no_grad();
        foreach (var node in network.Nodes.Where(node => node.Weights.Count > 0))
        {
            if (Matches(node, source.GetValueOrDefault(node.Name)) && (sameClasses || !network.IsClassifier(node)))
                Copy(node, state);
            else if (backbone.Contains(node))
                throw new InvalidDataException($"'{Origin.Source}' does not fit: its {node.Name} is not that of {network.Name}.");
            else
                fresh.Add(node);
        }

        return fresh;
    }

    private bool Matches(Node node, Node? other) =>
        other is not null
        && node.Weights.Where(weight => weight.Role != WeightRole.BatchCount)
            .All(weight =>
                Weights.ContainsKey(weight.Name)
                && other.Weights.FirstOrDefault(one => one.Name == weight.Name) is { } stored
                && stored.Shape.SequenceEqual(weight.Shape)
            )
        && (node.Layer, other.Layer) switch
        {
            (BatchNorm norm, BatchNorm there) => norm.Epsilon == there.Epsilon,
            (Conv conv, Conv there) => conv.Bias == there.Bias && conv.Groups == there.Groups,
            _ => true,
        };

    private void Copy(Node node, Dictionary<string, Tensor> state)
    {
        using var scope = NewDisposeScope();
        foreach (var weight in node.Weights.Where(weight => weight.Role != WeightRole.BatchCount))
            state[weight.Name].copy_(tensor(Weights[weight.Name], weight.Shape.ToArray()));
    }

    private static IEnumerable<float[]> Spread(IImageSource images, EvaluationCrops crops, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var index = (int)((long)i * images.Count / count);
            using var image = images.Load(index);
            var pixels = new float[crops.FloatsPerImage];
            crops.Write(index, image, pixels);
            yield return pixels;
        }
    }

    private static string ShapeOf(Node node) => StoredTensor.Text(node.Weights[0].Shape);
}
