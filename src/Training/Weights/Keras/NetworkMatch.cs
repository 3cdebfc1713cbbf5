using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>
/// Pairs two networks node by node from their ends backwards: kinds, windows and channels must agree, and the order of what is joined. So a
/// layer is known by its place and not by its name or number.
/// </summary>
internal sealed class NetworkMatch
{
    private Dictionary<(Node, Node), bool> _known = [];
    private Dictionary<Node, Node> _pairs = [];
    private string? _reason;
    private int _reasonDepth = -1;

    private NetworkMatch()
    {
    }

    /// <summary>For each node of one network that of the other.</summary>
    /// <param name="ours">Where to begin in one, usually a preset.</param>
    /// <param name="theirs">Where to begin in the other.</param>
    /// <exception cref="InvalidDataException">They differ; the message says where.</exception>
    public static IReadOnlyDictionary<Node, Node> Pair(Node ours, Node theirs)
    {
        var match = new NetworkMatch();
        return match.Fits(ours, theirs, depth: 0) ? match._pairs : throw new InvalidDataException(match._reason);
    }

    // The depth is that of a preset, whatever the other network is.
    private bool Fits(Node ours, Node theirs, int depth)
    {
        ours = Skip(ours);
        if (_known.TryGetValue((ours, theirs), out var known))
            return known;

        var fits = SameLayer(ours.Layer, theirs.Layer)
            ? InputsFit(ours, theirs, depth)
            : Differs(depth, $"{Describe(ours)} meets {Describe(theirs)} of the file");
        if (fits && _pairs.TryGetValue(ours, out var other) && other != theirs)
            fits = Differs(depth, $"{Describe(ours)} would be {Describe(other)} and {Describe(theirs)} of the file at once");
        if (fits)
            _pairs[ours] = theirs;
        return _known[(ours, theirs)] = fits;
    }

    private bool InputsFit(Node ours, Node theirs, int depth)
    {
        var (own, other) = (Joined(ours), Joined(theirs));
        if (own.Count != other.Count)
            return Differs(depth, $"{Describe(ours)} joins {own.Count} values, {Describe(theirs)} of the file {other.Count}");
        if (ours.Layer is not Add)
            return AllFit(own, other, depth);

        // Which of two summands comes first is a matter of taste. What a wrong guess had paired is forgotten.
        var (known, pairs) = (_known, _pairs);
        (_known, _pairs) = (new(known), new(pairs));
        if (AllFit(own, other, depth))
            return true;
        (_known, _pairs) = (known, pairs);
        return AllFit(own, [.. Enumerable.Reverse(other)], depth);
    }

    private bool AllFit(List<Node> ours, List<Node> theirs, int depth) =>
        ours.Zip(theirs).All(pair => Fits(pair.First, pair.Second, depth + 1));

    /// <summary>The difference found last along the way is the one to tell: those before it may be wrong guesses at an order.</summary>
    private bool Differs(int depth, string reason)
    {
        if (depth > _reasonDepth)
            (_reasonDepth, _reason) = (depth, reason);
        return false;
    }

    /// <summary>What a node reads; joins of joins are one join.</summary>
    private static List<Node> Joined(Node node) => node.Layer is Concat
        ? [.. node.Inputs.SelectMany(input => Skip(input) is { Layer: Concat } inner ? Joined(inner) : [input])]
        : [.. node.Inputs];

    private static Node Skip(Node node)
    {
        while (node.Layer is Dropout)
            node = node.Inputs[0];
        return node;
    }

    /// <summary>Whether they do the same but for what implementations differ in: biases, ε, and whether a mean counts padding.</summary>
    private static bool SameLayer(Layer ours, Layer theirs) => (ours, theirs) switch
    {
        (Conv one, Conv other) => one.Channels == other.Channels && one.Window == other.Window && one.Groups == other.Groups,
        (BatchNorm, BatchNorm) or (Relu, Relu) or (Concat, Concat) or (Add, Add) => true,
        (Input one, Input other) => one.Shape == other.Shape,
        (AvgPool one, AvgPool other) => one.Window == other.Window && one.RoundUp == other.RoundUp,
        _ => ours == theirs,
    };

    private static string Describe(Node node) => node.Layer is Input
        ? "the input"
        : $"{node.Name} ({node.Layer.Kind}{(node.Layer.Detail.Length > 0 ? $" {node.Layer.Detail}" : "")}, {node.Output})";
}
