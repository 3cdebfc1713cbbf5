using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Networks;

/// <summary>Builds a <see cref="Network"/> layer by layer. Each call adds one named layer, checks its shapes at once and returns
/// it.</summary>
public sealed class NetworkBuilder
{
    private readonly string _name;
    private readonly List<Node> _nodes = [];
    private readonly HashSet<string> _names = [];

    /// <summary>Begins a network of colour images.</summary>
    /// <param name="name">Preset name.</param>
    /// <param name="pixels">Rows and columns of the input.</param>
    public NetworkBuilder(string name, int pixels)
    {
        _name = name;
        Input = Append("input", new Input(new Shape(3, pixels, pixels)));
    }

    /// <summary>Where images come in.</summary>
    public Node Input { get; }

    /// <summary>The stage of the layers that follow; null takes the part of their names before the first dot.</summary>
    public string? Stage { get; set; }

    /// <summary>The part that the layers that follow are in.</summary>
    public string Part { get; set; } = "";

    /// <summary>What the network was built from; null where it is not a preset.</summary>
    public NetworkPlan? Plan { get; init; }

    /// <summary>Adds a layer and checks its shape at once.</summary>
    /// <param name="name">Its unique name; its tensors are called <c>name.weight</c> and so on.</param>
    /// <param name="layer">What it does.</param>
    /// <param name="inputs">What it reads, one or more layers of this network.</param>
    /// <exception cref="NetworkException">The shapes do not suit, or the name is taken; the message names the layer.</exception>
    public Node Append(string name, Layer layer, params IReadOnlyList<Node> inputs)
    {
        if (!_names.Add(name))
            throw new NetworkException($"{_name}: two layers are called {name}");

        foreach (var input in inputs)
        {
            if (!_nodes.Contains(input))
                throw new NetworkException($"{_name}: layer {name} reads {input.Name}, which is no layer of this network");
        }

        try
        {
            var node = new Node(name, Stage ?? name.Split('.', 2)[0], Part, layer, inputs);
            _nodes.Add(node);
            return node;
        }
        catch (NetworkException e)
        {
            throw new NetworkException($"{_name}: layer {name} ({layer.Kind}): {e.Message}");
        }
    }

    /// <summary>Finishes the network.</summary>
    /// <param name="init">How weights begin.</param>
    /// <param name="logits">The classifier's output.</param>
    /// <param name="sideLogits">Outputs of auxiliary classifiers, with as many classes.</param>
    /// <exception cref="NetworkException">An output is no vector of classes, or a layer leads nowhere.</exception>
    public Network Build(WeightInit init, Node logits, params IReadOnlyList<Node> sideLogits)
    {
        foreach (var output in sideLogits.Prepend(logits))
        {
            if (output.Output != logits.Output || !output.Output.IsVector)
                throw new NetworkException(
                    $"{_name}: output {output.Name} is {output.Output}, the classifier {logits.Name} {logits.Output}"
                );
        }

        var read = _nodes.SelectMany(node => node.Inputs).Concat(sideLogits).Append(logits).ToHashSet();
        if (_nodes.Find(node => !read.Contains(node)) is { } idle)
            throw new NetworkException($"{_name}: nothing reads layer {idle.Name} ({idle.Output})");

        return new Network(_name, _nodes, logits, sideLogits, init) { Plan = Plan };
    }
}
