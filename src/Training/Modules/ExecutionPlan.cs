using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using static TorchSharp.torch;

namespace Saccade.Training.Modules;

/// <summary>
/// The steps of one pass, worked out once: which layers run, which rectifiers may overwrite their input, and which values nobody reads
/// after a step. Values are released there and then: the garbage collector does not see native memory, and what the backward pass
/// needs, autograd holds by itself.
/// </summary>
internal sealed class ExecutionPlan
{
    private readonly Step[] _steps;
    private readonly int _logits;
    private readonly int[] _sideLogits;

    private ExecutionPlan(Step[] steps, int logits, int[] sideLogits)
    {
        _steps = steps;
        _logits = logits;
        _sideLogits = sideLogits;
    }

    /// <summary>Plans the given nodes of a network: the first is what it is fed with, and what the others read is among them.</summary>
    /// <param name="network">Whose auxiliary classifiers are outputs too, as far as they are among the nodes.</param>
    /// <param name="nodes">In computing order.</param>
    /// <param name="output">The output; null means the classifier.</param>
    internal static ExecutionPlan For(Network network, IReadOnlyList<Node> nodes, Node? output = null)
    {
        output ??= network.Logits;
        var slots = nodes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var readers = nodes.SelectMany(node => node.Inputs).CountBy(input => input).ToDictionary();
        var outputs = network.AuxLogits.Where(slots.ContainsKey).Append(output).ToHashSet();
        var lastReader = new Dictionary<Node, Node>();
        foreach (var node in nodes)
        {
            foreach (var input in node.Inputs)
                lastReader[input] = node;
        }

        var steps = nodes
            .Skip(1)
            .Select(node => new Step(
                node,
                slots[node],
                [.. node.Inputs.Select(input => slots[input])],
                node.Layer is Relu && readers[node.Inputs[0]] == 1 && OwnsItsOutput(node.Inputs[0].Layer),
                [
                    .. node
                        .Inputs.Distinct()
                        .Where(input => input != nodes[0] && lastReader[input] == node && !outputs.Contains(input))
                        .Select(input => slots[input]),
                ]
            ));
        return new ExecutionPlan([.. steps], slots[output], [.. network.AuxLogits.Where(slots.ContainsKey).Select(side => slots[side])]);
    }

    /// <summary>Runs the steps. The outputs belong to the caller's dispose scope; everything else is released, whatever happens.</summary>
    internal NetworkOutput Run(NetworkModule module, Tensor input)
    {
        using var scope = NewDisposeScope();
        var values = new Tensor[_steps.Length + 1];
        values[0] = input;
        foreach (var step in _steps)
        {
            values[step.Slot] = LayerRunner.Run(module, step.Node, [.. step.Reads.Select(slot => values[slot])], step.InPlace);
            foreach (var slot in step.Releases)
                values[slot].Dispose();
        }

        return new NetworkOutput(
            values[_logits].MoveToOuterDisposeScope(),
            [.. _sideLogits.Select(slot => values[slot].MoveToOuterDisposeScope())]
        );
    }

    // The result of these is memory of its own that their backward pass does not read again.
    private static bool OwnsItsOutput(Layer layer) => layer is Conv or BatchNorm or Linear or Add;

    private sealed record Step(Node Node, int Slot, int[] Reads, bool InPlace, int[] Releases);
}
