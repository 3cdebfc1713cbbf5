using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>Brings a Keras model to a network of ours: its layers are paired with those of the application's table, in order.</summary>
internal static class KerasImport
{
    private static readonly string[] Weighted = ["Conv2D", "SeparableConv2D", "BatchNormalization"];

    /// <summary>Brings a model to a network.</summary>
    /// <param name="model">Open while this runs.</param>
    /// <param name="architecture">Preset.</param>
    /// <param name="classes">Outputs; null takes as many as the model has.</param>
    /// <param name="input">Rows and columns of the input; null takes the model's, or the published size.</param>
    /// <exception cref="InvalidDataException">The model is not that network; the message says where they differ.</exception>
    /// <exception cref="NetworkException">There is no such network, or the size does not suit it.</exception>
    public static ImportedWeights Import(KerasModel model, string architecture, int? classes, int? input)
    {
        var preset = PublishedNetworks.ForKeras(architecture, new NetworkOptions().Classes, KerasInput.Pixels(model, input));
        var pairs = Pair(KerasOrder.Of(preset), model, preset.Name);
        var (network, rebuilt) = Rebuild(preset, pairs, model);
        if (classes is { } wanted && wanted != network.Classes)
            throw new InvalidDataException($"the model has {network.Classes} classes, not {wanted}");

        var misfit = new Misfit();
        var tensors = new KerasTensors(misfit);
        var values = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var (node, layer) in rebuilt)
        {
            foreach (var (name, read) in tensors.Read(node, layer))
                values[name] = read;
        }

        foreach (var tensor in model.Tensors.Where(tensor => !tensors.IsUsed(tensor)))
            misfit.Unknown(tensor);
        misfit.Throw(architecture, network.Weights.Select(weight => weight.Name), model.Tensors.Select(tensor => tensor.Name));
        return new ImportedWeights(network, values, [Found(model, network)]) { Rescaling = KerasInput.Rescaling(model) };
    }

    /// <summary>For each node of the body that Keras has as a layer, that layer.</summary>
    private static Dictionary<Node, KerasLayer> Pair(IReadOnlyList<KerasStep> steps, KerasModel model, string architecture)
    {
        RequireCounts(steps, model, architecture);
        var pairs = new Dictionary<Node, KerasLayer>();
        foreach (var (step, layer) in model.IsDescribed ? InOrder(steps, model, architecture) : KindByKind(steps, model))
        {
            pairs[step.Node] = layer;
            if (step.Depthwise is { } depthwise)
                pairs[depthwise] = layer;
        }

        return pairs;
    }

    private static void RequireCounts(IReadOnlyList<KerasStep> steps, KerasModel model, string architecture)
    {
        int[] there = [.. Weighted.Select(kind => model.Layers.Count(layer => layer.Kind == kind))];
        int[] wanted = [.. Weighted.Select(kind => steps.Count(step => step.Kind == kind))];

        // The head may have batch normalisation too.
        if (there[0] != wanted[0] || there[1] != wanted[1] || there[2] < wanted[2])
        {
            throw new InvalidDataException(
                $"the model is not {architecture}: of {string.Join(", ", Weighted)} it has {string.Join(", ", there)} layers, "
                    + $"{architecture} {string.Join(", ", wanted)}"
            );
        }

        if (model.Layers.All(layer => layer.Kind != "Dense"))
            throw new InvalidDataException("the file has no dense layer, and so no classifier: it was saved without its top");
    }

    private static IEnumerable<(KerasStep Step, KerasLayer Layer)> InOrder(
        IReadOnlyList<KerasStep> steps,
        KerasModel model,
        string architecture
    )
    {
        var listed = model.Layers.Where(layer => KerasOrder.Kinds.Contains(layer.Kind)).ToList();
        foreach (var (step, layer) in steps.Zip(listed))
        {
            if (layer.Kind != step.Kind)
                throw new InvalidDataException(
                    $"the model is not {architecture}: layer '{layer.Name}' is a {layer.Kind} where {step.Node.Name} is a {step.Kind}"
                );
            KerasSettings.Require(step.Node, layer);
        }

        return steps.Zip(listed);
    }

    private static IEnumerable<(KerasStep Step, KerasLayer Layer)> KindByKind(IReadOnlyList<KerasStep> steps, KerasModel model) =>
        Weighted.SelectMany(kind => steps.Where(step => step.Kind == kind).Zip(model.Layers.Where(layer => layer.Kind == kind)));

    /// <summary>The preset with the model's versions of its layers (biases, scales, ε) and with the model's head.</summary>
    private static (Network Network, Dictionary<Node, KerasLayer> Layers) Rebuild(
        Network preset,
        Dictionary<Node, KerasLayer> pairs,
        KerasModel model
    )
    {
        var builder = new NetworkBuilder(preset.Name, preset.Input.Output.Height);
        var (rebuilt, layers) = (new Dictionary<Node, Node> { [preset.Input] = builder.Input }, new Dictionary<Node, KerasLayer>());
        Node x = builder.Input;
        foreach (var node in preset.Main.Skip(1).TakeWhile(node => node.Layer is not GlobalAvgPool))
        {
            var pair = pairs.GetValueOrDefault(node);
            rebuilt[node] = x = builder.Append(
                node.Name,
                pair is null ? node.Layer : Version(node.Layer, pair),
                [.. node.Inputs.Select(input => rebuilt[input])]
            );
            if (pair is not null)
                layers[x] = pair;
        }

        x = new KerasHead(builder, preset.Logits.Name, layers).Append(x, model, pairs.Values.ToHashSet());
        return (builder.Build(preset.Init, x), layers);
    }

    /// <summary>As the file describes it; where it does not, as the application has it or the tensors show.</summary>
    private static Layer Version(Layer layer, KerasLayer pair) =>
        layer switch
        {
            Conv { Groups: 1 } conv => conv with { Bias = pair.Flag("use_bias", pair.Tensors.ContainsKey("bias")) },
            BatchNorm norm => norm with
            {
                Scale = pair.Flag("scale", norm.Scale || pair.Tensors.ContainsKey("gamma")),
                Epsilon = pair.Double("epsilon", norm.Epsilon),
            },
            _ => layer,
        };

    private static string Found(KerasModel model, Network network)
    {
        var dense = network.Nodes.Count(node => node.Layer is Linear);
        var order = model.IsDescribed ? "the file's description" : "their order, as the file does not describe the model";
        return $"layers found by {order}; head of {dense} dense layer{(dense == 1 ? "" : "s")}, {network.Classes} classes";
    }
}
