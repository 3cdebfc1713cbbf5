using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Onnx.Quantisation;

/// <summary>Which values of a network become integers, and which of them must share a scale.</summary>
internal sealed class QuantisationPlan
{
    private readonly Dictionary<Node, Node> _parents = [];
    private readonly ILookup<Node, Node> _readers;
    private readonly HashSet<Node> _tail;

    /// <param name="network">Folded.</param>
    /// <param name="floats">Convolutions that stay in floats; what passes between two of them does too.</param>
    public QuantisationPlan(Network network, IReadOnlySet<Node>? floats = null)
    {
        Network = network;
        Floats = floats ?? new HashSet<Node>();
        _readers = network
            .Nodes.SelectMany(node => node.Inputs.Select(input => (Input: input, Reader: node)))
            .ToLookup(pair => pair.Input, pair => pair.Reader);
        _tail = Tail(network);
        foreach (var node in network.Nodes.Where(IsQuantised))
        {
            // Joining and taking the largest copy integers, which mean the same only on one scale.
            if (node.Layer is Concat or MaxPool || IsClip(node))
            {
                foreach (var input in node.Inputs)
                    _parents[Root(input)] = Root(node);
            }
        }
    }

    public Network Network { get; }

    /// <summary>Convolutions that stay in floats.</summary>
    public IReadOnlySet<Node> Floats { get; }

    /// <summary>Convolutions, each a candidate to stay in floats.</summary>
    public IEnumerable<Node> Convolutions => Network.Nodes.Where(node => node.Layer is Conv && !_tail.Contains(node));

    /// <summary>
    /// Whether a value is kept as integers: every one up to the pool over the whole grid but those inside a convolution with its rectifier,
    /// and those between convolutions that stay in floats.
    /// </summary>
    public bool IsQuantised(Node node) => !_tail.Contains(node) && Value(node) == node && !IsBetweenFloats(node);

    /// <summary>The value that a node's output is kept as: a convolution's only reader where that is a rectifier, else the node's
    /// own.</summary>
    public Node Value(Node node) =>
        node.Layer is not (Relu or MaxPool or Concat or Input) && _readers[node].ToArray() is [{ Layer: Relu } only] ? only : node;

    /// <summary>Whether a rectifier has a value before it that others read too: it then cuts integers off.</summary>
    public bool IsClip(Node node) => node.Layer is Relu && Value(node.Inputs[0]) != node;

    /// <summary>One node that stands for all that share a scale with this one.</summary>
    public Node Root(Node node)
    {
        while (_parents.TryGetValue(node, out var parent) && parent != node)
            node = parent;
        return node;
    }

    /// <summary>Values whose range decides their group's: those that are computed, not copied.</summary>
    public IEnumerable<Node> Measured =>
        Network.Nodes.Where(node => IsQuantised(node) && node.Layer is not (Concat or MaxPool) && !IsClip(node));

    private bool IsBetweenFloats(Node node)
    {
        var maker = node.Layer is Relu && !IsClip(node) ? node.Inputs[0] : node;
        return (maker.Layer is Input || Floats.Contains(maker))
            && _readers[node].All(reader => Floats.Contains(reader) || _tail.Contains(reader));
    }

    /// <summary>What comes after the grid stays in floats: it is small, and its rounding costs accuracy directly.</summary>
    private static HashSet<Node> Tail(Network network)
    {
        var tail = new HashSet<Node>();
        foreach (var node in network.Nodes.Skip(1))
        {
            if (node.Layer is GlobalAvgPool or Flatten or Linear || node.Inputs.All(tail.Contains))
                tail.Add(node);
        }

        return tail;
    }
}
