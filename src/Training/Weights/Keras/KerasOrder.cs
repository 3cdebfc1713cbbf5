using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>A layer that Keras's version of a network has.</summary>
/// <param name="Kind">Keras's class.</param>
/// <param name="Node">Ours.</param>
/// <param name="Depthwise">Of a <c>SeparableConv2D</c> the first of our two.</param>
internal sealed record KerasStep(string Kind, Node Node, Node? Depthwise = null);

/// <summary>
/// The table of layers of an application. Keras numbers layers by when they were made in a session, so names say nothing. Every file
/// lists them in one order, though: by the longest way to the output, the farthest first, and among equals as a search from the output
/// meets them. Keras itself loads weights by it.
/// </summary>
internal static class KerasOrder
{
    /// <summary>What the table lists; activations and joins have nothing that could be mistaken.</summary>
    public static IReadOnlySet<string> Kinds { get; } =
        new HashSet<string>(StringComparer.Ordinal)
        {
            "Conv2D",
            "SeparableConv2D",
            "BatchNormalization",
            "MaxPooling2D",
            "AveragePooling2D",
            "Add",
        };

    /// <summary>A network's layers before the pool that ends the body, in Keras's order.</summary>
    public static IReadOnlyList<KerasStep> Of(Network network)
    {
        var end = network.Main.Single(node => node.Layer is GlobalAvgPool).Inputs[0];
        var (depths, met) = (Depths(network, end), Met(end));
        return
        [
            .. network
                .Main.Where(depths.ContainsKey)
                .OrderByDescending(node => depths[node])
                .ThenBy(node => met[node])
                .Select(Step)
                .OfType<KerasStep>(),
        ];
    }

    private static KerasStep? Step(Node node) =>
        node.Layer switch
        {
            Conv when IsPointwise(node) => new KerasStep("SeparableConv2D", node, node.Inputs[0]),
            Conv { Groups: 1 } => new KerasStep("Conv2D", node),
            BatchNorm => new KerasStep("BatchNormalization", node),
            MaxPool => new KerasStep("MaxPooling2D", node),
            AvgPool => new KerasStep("AveragePooling2D", node),
            Add => new KerasStep("Add", node),
            _ => null,
        };

    private static bool IsPointwise(Node node) => node is { Layer: Conv { Groups: 1 }, Inputs: [{ Layer: Conv { Groups: > 1 } }] };

    /// <summary>The longest way of each node to the end, counted in Keras's layers.</summary>
    private static Dictionary<Node, int> Depths(Network network, Node end)
    {
        var depths = new Dictionary<Node, int> { [end] = 0 };
        foreach (var node in network.Main.Reverse().Where(depths.ContainsKey))
        {
            foreach (var input in node.Inputs)
            {
                var steps =
                    IsPointwise(node) ? 0
                    : IsJoinedTwice(node, input) ? 2
                    : 1;
                depths[input] = Math.Max(depths.GetValueOrDefault(input), depths[node] + steps);
            }
        }

        return depths;
    }

    /// <summary>Keras joins the two halves of a split branch before it joins branches, we all at once.</summary>
    private static bool IsJoinedTwice(Node join, Node input) =>
        join.Layer is Concat && Convolved(input) is { } from && join.Inputs.Count(other => Convolved(other) == from) > 1;

    /// <summary>What the convolution at the end of a branch reads.</summary>
    private static Node? Convolved(Node branch) =>
        branch is { Layer: Relu, Inputs: [{ Layer: BatchNorm, Inputs: [{ Layer: Conv } conv] }] } ? conv.Inputs[0] : null;

    /// <summary>When each node is met by a search into the depth from the end, inputs in order.</summary>
    private static Dictionary<Node, int> Met(Node end)
    {
        var met = new Dictionary<Node, int>();
        var open = new Stack<Node>([end]);
        while (open.TryPop(out var node))
        {
            if (!met.TryAdd(node, met.Count))
                continue;
            foreach (var input in node.Inputs.Reverse())
                open.Push(input);
        }

        return met;
    }
}
