using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Networks;

/// <summary>
/// A network as a graph of layers: the single description from which come the module that trains, the ONNX file, the counts, the
/// printed table and the diagram. Immutable; nodes stand in an order in which they can be computed.
/// </summary>
public sealed class Network
{
    private readonly HashSet<Node> _main;

    internal Network(string name, IReadOnlyList<Node> nodes, Node logits, IReadOnlyList<Node> auxLogits, WeightInit init)
    {
        Name = name;
        Nodes = nodes;
        Logits = logits;
        AuxLogits = auxLogits;
        Init = init;
        _main = Ancestors(logits);
    }

    /// <summary>Preset name, such as <c>googlenet-bn</c>.</summary>
    public string Name { get; }

    /// <summary>All nodes, auxiliary classifiers included, in computing order; the first is the input.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The classifier's output: one value per class, before softmax.</summary>
    public Node Logits { get; }

    /// <summary>Outputs of the auxiliary classifiers, the lowest first. Used while training only.</summary>
    public IReadOnlyList<Node> AuxLogits { get; }

    /// <summary>How weights begin.</summary>
    public WeightInit Init { get; }

    /// <summary>What it was built from; null where it is not a preset, or was rewritten.</summary>
    public NetworkPlan? Plan { get; init; }

    /// <summary>Where images come in.</summary>
    public Node Input => Nodes[0];

    /// <summary>Number of classes.</summary>
    public int Classes => Logits.Output.Channels;

    /// <summary>The nodes that the classifier's output depends on: the network without its auxiliary classifiers.</summary>
    public IEnumerable<Node> Main => Nodes.Where(IsMain);

    /// <summary>Every tensor of the network under its name, in computing order.</summary>
    public IEnumerable<WeightSpec> Weights => Nodes.SelectMany(node => node.Weights);

    /// <summary>Trainable values without auxiliary classifiers.</summary>
    public long Parameters => Main.Sum(node => node.Parameters);

    /// <summary>Trainable values with auxiliary classifiers.</summary>
    public long ParametersWithAux => Nodes.Sum(node => node.Parameters);

    /// <summary>Multiply-adds of convolutions and linear layers for one image, without auxiliary classifiers.</summary>
    public long Macs => Main.Sum(node => node.Macs);

    /// <summary>The vector that the classifier reads, before its dropout.</summary>
    public Node Features => Logits.Inputs[0] is { Layer: Dropout } dropout ? dropout.Inputs[0] : Logits.Inputs[0];

    /// <summary>The network without its classifiers: all that <see cref="Features"/> depends on.</summary>
    public IEnumerable<Node> Backbone
    {
        get
        {
            var needed = Ancestors(Features);
            return Nodes.Where(needed.Contains);
        }
    }

    /// <summary>Whether the classifier's output depends on a node.</summary>
    public bool IsMain(Node node) => _main.Contains(node);

    /// <summary>Whether a node is a classifier, whose outputs nobody inside the network reads.</summary>
    public bool IsClassifier(Node node) => node.Layer is Linear && (node == Logits || AuxLogits.Contains(node));

    private static HashSet<Node> Ancestors(Node end)
    {
        var found = new HashSet<Node>();
        var open = new Stack<Node>([end]);
        while (open.TryPop(out var node))
        {
            if (!found.Add(node))
                continue;

            foreach (var input in node.Inputs)
                open.Push(input);
        }

        return found;
    }
}
