using Saccade.Training.Networks;

namespace Saccade.Training.Weights;

/// <summary>A network with some layers exchanged for another implementation's version of them.</summary>
internal static class NetworkVariant
{
    /// <summary>Rebuilds the part of a network that its classifier depends on.</summary>
    /// <param name="network">Stays as it is.</param>
    /// <param name="layer">What a node's layer becomes; the node's own to keep it.</param>
    /// <exception cref="NetworkException">A layer does not fit in its place.</exception>
    public static Network Of(Network network, Func<Node, Layer> layer)
    {
        var builder = new NetworkBuilder(network.Name, network.Input.Output.Height);
        var rebuilt = new Dictionary<Node, Node> { [network.Input] = builder.Input };
        foreach (var node in network.Main.Skip(1))
            rebuilt[node] = builder.Append(node.Name, layer(node), [.. node.Inputs.Select(input => rebuilt[input])]);
        return builder.Build(network.Init, rebuilt[network.Logits]);
    }
}
