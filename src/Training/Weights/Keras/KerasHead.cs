using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>Puts a model's own head, one dense layer or several, on a preset's body.</summary>
internal static class KerasHead
{
    /// <summary>The preset with the model's versions of its layers (biases, ε, padding in means) and with the model's head.</summary>
    /// <param name="preset">Gives names and structure.</param>
    /// <param name="pairs">Its nodes before the head, each with the model's.</param>
    /// <param name="model">Gives layers and head.</param>
    /// <param name="grid">The model's node that the head begins behind.</param>
    /// <param name="origins">For each new node that owns tensors the model's.</param>
    /// <exception cref="InvalidDataException">The head is no row of layers that are known.</exception>
    public static Network Graft(Network preset, IReadOnlyDictionary<Node, Node> pairs, Network model, Node grid, out Dictionary<Node, Node> origins)
    {
        var builder = new NetworkBuilder(preset.Name, preset.Input.Output.Height);
        var rebuilt = new Dictionary<Node, Node> { [preset.Input] = builder.Input };
        origins = [];
        Node x = builder.Input;
        foreach (var node in preset.Main.Skip(1).TakeWhile(node => node.Layer is not GlobalAvgPool))
        {
            var inputs = node.Inputs.Select(input => rebuilt[input]);
            if (!pairs.TryGetValue(node, out var pair))
                x = builder.Append(node.Name, node.Layer, [.. inputs]);
            else
                origins[x = builder.Append(node.Name, pair.Layer is Concat ? node.Layer : pair.Layer, [.. inputs])] = pair;
            rebuilt[node] = x;
        }

        var head = Row(model.Logits, grid);
        var hidden = 0;
        foreach (var node in head)
        {
            var name = node == model.Logits ? preset.Logits.Name : node.Layer is Linear ? $"{preset.Logits.Name}{++hidden}" : $"head.{node.Name}";
            origins[x = builder.Append(name, node.Layer, x)] = node;
        }

        return builder.Build(preset.Init, x);
    }

    private static List<Node> Row(Node logits, Node grid)
    {
        if (logits.Layer is not Linear)
            throw new InvalidDataException($"the model ends in {logits.Name} ({logits.Layer.Kind}), not in a dense layer");

        var row = new List<Node>();
        for (var node = logits; node != grid; node = node.Inputs[0])
        {
            if (node.Layer is not (Linear or Relu or BatchNorm or Flatten or GlobalAvgPool))
                throw new InvalidDataException($"the head of the model has {node.Name} ({node.Layer.Kind}), as no head here has");
            row.Insert(0, node);
        }

        return row;
    }
}
