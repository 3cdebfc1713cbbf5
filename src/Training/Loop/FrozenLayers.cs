using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Recipes;

namespace Saccade.Training.Loop;

/// <summary>The layers of a network up to some depth. Classifiers, the auxiliary ones too, are never among them.</summary>
public static class FrozenLayers
{
    /// <summary>The layers that a depth stands for.</summary>
    /// <exception cref="NetworkException">The network has fewer stages before its classifier.</exception>
    public static IReadOnlyList<Node> Of(Network network, FreezeDepth depth)
    {
        ArgumentNullException.ThrowIfNull(network);
        return depth.IsBackbone ? [.. network.Backbone]
            : depth.IsNone ? []
            : FirstStages(network, depth.Stages);
    }

    // Stages as describe lists them, those without weights left out.
    private static IReadOnlyList<Node> FirstStages(Network network, int count)
    {
        var stages = network.Backbone.Where(node => node.Weights.Count > 0).Select(node => node.Stage).Distinct().ToArray();
        if (count > stages.Length)
            throw new NetworkException($"{network.Name} has {stages.Length} stages before its classifier, not {count}");
        var frozen = stages.Take(count).ToHashSet(StringComparer.Ordinal);
        return [.. network.Backbone.Where(node => frozen.Contains(node.Stage))];
    }
}
