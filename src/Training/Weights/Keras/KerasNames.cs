using System.Globalization;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>
/// Where a file has weights and no graph: Keras makes its layers in the order in which our networks list them, so the k-th convolution by
/// number is our k-th, whatever number the session began with. Layers that have a name of their own (most of Xception's) go by it.
/// </summary>
internal static class KerasNames
{
    /// <summary>The preset under the file's layer names, with Keras's versions of its layers and a head of as many dense layers as the file has.</summary>
    /// <exception cref="InvalidDataException">The file has not as many layers of each kind as the network.</exception>
    public static Network Network(IReadOnlyList<StoredTensor> tensors, string architecture, int? input)
    {
        var preset = PublishedNetworks.ForKeras(architecture, new NetworkOptions().Classes, input);
        var parts = tensors.Select(tensor => tensor.Name.Split('/')).Where(name => name.Length >= 2).ToLookup(name => name[^1].Split(':')[0], name => name[^2]);
        var named = preset.Main.Select(OwnName).Where(name => name is not null).ToHashSet(StringComparer.Ordinal);
        var kernels = tensors.Where(tensor => tensor.Name.EndsWith("/kernel", StringComparison.Ordinal)).ToLookup(tensor => tensor.Shape.Count, tensor => tensor.Name.Split('/')[^2]);
        var convs = new Queue<string>(ByNumber(kernels[4].Where(name => !named.Contains(name))));
        var norms = new Queue<string>(ByNumber(parts["moving_mean"].Where(name => !named.Contains(name))));
        var dense = tensors.Where(tensor => tensor.Shape.Count == 2 && tensor.Name.EndsWith("/kernel", StringComparison.Ordinal)).ToList();
        if (dense.Count == 0)
            throw new InvalidDataException("the file has no dense layer, and so no classifier");

        var builder = new NetworkBuilder("the Keras model", preset.Input.Output.Height);
        var rebuilt = new Dictionary<Node, Node> { [preset.Input] = builder.Input };
        Node x = builder.Input;
        foreach (var node in preset.Main.Skip(1).TakeWhile(node => node.Layer is not GlobalAvgPool))
        {
            var name = OwnName(node) ?? node.Layer switch
            {
                Conv => Next(convs, "convolutions", architecture),
                BatchNorm => Next(norms, "batch normalisations", architecture),
                _ => node.Name,
            };
            rebuilt[node] = x = builder.Append(name, Version(node.Layer, name, parts), [.. node.Inputs.Select(from => rebuilt[from])]);
        }

        x = builder.Append("pool", new GlobalAvgPool(), x);
        foreach (var (index, tensor) in Chain(dense, x.Output.Channels).Index())
        {
            if (index > 0)
                x = builder.Append($"{tensor.Name}/relu", new Relu(), x);
            x = builder.Append(tensor.Name.Split('/')[^2], new Linear((int)tensor.Shape[1]), x);
        }

        return builder.Build(WeightInit.He, x);
    }

    private static Layer Version(Layer layer, string name, ILookup<string, string> parts) => layer switch
    {
        BatchNorm norm => norm with { Scale = parts["gamma"].Contains(name) },
        Conv conv => conv with { Bias = parts["bias"].Contains(name) },
        _ => layer,
    };

    /// <summary>Dense layers in the order in which their sizes fit together.</summary>
    private static IEnumerable<StoredTensor> Chain(List<StoredTensor> dense, int features)
    {
        var open = dense.OrderBy(tensor => Number(tensor.Name.Split('/')[^2])).ToList();
        while (open.Count > 0)
        {
            var next = open.Find(tensor => tensor.Shape[0] == features && tensor.Shape[1] is > 0 and <= int.MaxValue)
                ?? throw new InvalidDataException($"no dense layer takes {features} features; there are {string.Join(", ", open.Select(tensor => $"{tensor.Name} {tensor.ShapeText}"))}");
            open.Remove(next);
            features = (int)next.Shape[1];
            yield return next;
        }
    }

    private static string Next(Queue<string> names, string what, string architecture) =>
        names.TryDequeue(out var name) ? name : throw new InvalidDataException($"the file has fewer {what} than {architecture}");

    private static IEnumerable<string> ByNumber(IEnumerable<string> layers) => layers.Distinct().OrderBy(Number).ThenBy(name => name, StringComparer.Ordinal);

    /// <summary>The number at the end; none is the first, as Keras writes it.</summary>
    private static int Number(string layer) =>
        int.TryParse(layer.AsSpan(layer.AsSpan().TrimEnd("0123456789").Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>What Keras calls a layer of Xception: its blocks count from the stem, timm's from behind it.</summary>
    private static string? OwnName(Node node) => node.Name.Split('.') switch
    {
        ["conv1" or "conv2"] or ["bn1" or "bn2"] when node.Layer is Conv or BatchNorm => $"block1_conv{node.Name[^1]}{Bn(node)}",
        ["conv3" or "conv4", var part] when node.Layer is Conv => $"block14_sepconv{node.Name[4] - '2'}{Part(part)}",
        ["bn3" or "bn4"] => $"block14_sepconv{node.Name[^1] - '2'}{Bn(node)}",
        [var block, "rep", var index, var part] when node.Layer is Conv => $"{Block(block)}_sepconv{Place(index)}{Part(part)}",
        [var block, "rep", var index] when node.Layer is BatchNorm => $"{Block(block)}_sepconv{Place(index)}{Bn(node)}",
        _ => null,
    };

    private static string Bn(Node node) => node.Layer is BatchNorm ? "_bn" : "";

    private static string Part(string part) => part == "conv1" ? KerasNetwork.Depthwise : "";

    private static string Block(string block) => $"block{int.Parse(block.AsSpan("block".Length), CultureInfo.InvariantCulture) + 1}";

    // Every third member of a block is the next separable convolution or its normalisation, whether a rectifier comes first or not.
    private static int Place(string index) => (int.Parse(index, CultureInfo.InvariantCulture) / 3) + 1;
}
