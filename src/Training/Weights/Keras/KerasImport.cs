using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>
/// Brings a Keras model to a network of ours. Keras numbers its layers by when they were made in a session, so names say nothing: each
/// layer is found by its place in the graph, and where the file describes no graph, by the order of the numbers.
/// </summary>
internal static class KerasImport
{
    /// <summary>Brings a model to a network.</summary>
    /// <param name="tensors">Its weights.</param>
    /// <param name="output">The layer that answers; null where the file does not describe the graph.</param>
    /// <param name="architecture">Preset.</param>
    /// <param name="classes">Outputs; null takes as many as the model has.</param>
    /// <param name="input">Rows and columns of the input; null takes the model's, or the published size.</param>
    /// <exception cref="InvalidDataException">The model is not that network; the message says where they differ.</exception>
    /// <exception cref="NetworkException">There is no such network.</exception>
    public static ImportedWeights Import(IReadOnlyList<StoredTensor> tensors, KerasLayer? output, string architecture, int? classes, int? input)
    {
        var weights = new KerasWeights(tensors);
        var (model, rescaling) = output is null
            ? (KerasNames.Network(tensors, architecture, input), null)
            : KerasNetwork.Build(output, input);
        if (classes is { } wanted && wanted != model.Classes)
            throw new InvalidDataException($"the model has {model.Classes} classes, not {wanted}");

        var preset = PublishedNetworks.ForKeras(architecture, model.Classes, model.Input.Output.Height);
        var (grid, pairs) = Pair(preset, model);
        var network = KerasHead.Graft(preset, pairs, model, grid, out var origins);
        var misfit = new Misfit();
        var values = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var node in network.Nodes.Where(node => node.Weights.Count > 0))
        {
            var flattened = node.Inputs[0].Layer is Flatten ? node.Inputs[0].Inputs[0].Output : (Shape?)null;
            foreach (var (name, read) in weights.Read(node, origins[node].Name, flattened, misfit))
                values[name] = read;
        }

        foreach (var tensor in weights.Unused)
            misfit.Unknown(tensor);
        misfit.Throw(architecture, network.Weights.Select(weight => weight.Name), tensors.Select(tensor => tensor.Name));
        return new ImportedWeights(network, values, [Found(output is null, network)]) { Rescaling = rescaling is null ? null : KerasRescaling.Of(rescaling) };
    }

    /// <summary>The preset's nodes before its head, each with the model's; and the model's node that the head begins behind.</summary>
    private static (Node Grid, IReadOnlyDictionary<Node, Node> Pairs) Pair(Network preset, Network model)
    {
        var pool = preset.Main.Single(node => node.Layer is GlobalAvgPool);
        var head = model.Logits;
        while (head.Layer is not (GlobalAvgPool or Flatten))
        {
            head = head.Inputs is [var only] and not [{ Layer: Input }]
                ? only
                : throw new InvalidDataException($"the model has no classifier behind a pool over the whole grid: it ends in {model.Logits.Name}");
        }

        try
        {
            return (head.Inputs[0], NetworkMatch.Pair(pool.Inputs[0], head.Inputs[0]));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"the model is not {preset.Name}: {error.Message}", error);
        }
    }

    private static string Found(bool byOrder, Network network)
    {
        var dense = network.Nodes.Count(node => node.Layer is Linear);
        return $"layers found by {(byOrder ? "the order of their numbers" : "their place in the graph")}; head of {dense} dense layer{(dense == 1 ? "" : "s")}, {network.Classes} classes";
    }
}
