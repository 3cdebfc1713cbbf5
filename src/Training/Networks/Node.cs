using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Networks;

/// <summary>A layer in its place: named, connected, its output shape known.</summary>
public sealed class Node
{
    internal Node(string name, string stage, string part, Layer layer, IReadOnlyList<Node> inputs)
    {
        Name = name;
        Stage = stage;
        Part = part;
        Layer = layer;
        Inputs = inputs;
        Output = layer.Output([.. inputs.Select(input => input.Output)]);
        Weights =
            inputs.Count == 0 ? [] : [.. layer.Weights(inputs[0].Output).Select(weight => weight with { Name = $"{name}.{weight.Name}" })];
        Macs = inputs.Count == 0 ? 0 : layer.Macs(inputs[0].Output, Output);
    }

    /// <summary>Unique in the network, such as <c>inception3a.branch1.conv</c>.</summary>
    public string Name { get; }

    /// <summary>The layer that computes <see cref="Output"/> of <see cref="Inputs"/>.</summary>
    public Layer Layer { get; }

    /// <summary>Where the input comes from, in the layer's order.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>Shape of one image's output.</summary>
    public Shape Output { get; }

    /// <summary>The tensors it owns, under their names in the network.</summary>
    public IReadOnlyList<WeightSpec> Weights { get; }

    /// <summary>Trainable values.</summary>
    public long Parameters => Weights.Where(weight => weight.Trainable).Sum(weight => weight.Count);

    /// <summary>Multiply-adds for one image.</summary>
    public long Macs { get; }

    /// <summary>The line of the paper's table that it belongs to, such as <c>inception3a</c>.</summary>
    public string Stage { get; }

    /// <summary>The part of the network that a figure would draw as one column, such as <c>Middle flow</c>.</summary>
    public string Part { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Output}";
}
