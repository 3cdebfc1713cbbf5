using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Onnx;

/// <summary>
/// The network that is served: auxiliary classifiers and dropout left out, batch normalisation worked into the convolution before it.
/// With s = γ / √(σ² + ε), the convolution's weights become W·s and its bias β + (b − μ)·s, which is exact.
/// </summary>
public static class BatchNormFolding
{
    /// <summary>Rewrites a network and its weights; what is given stays as it is.</summary>
    /// <param name="network">The trained network.</param>
    /// <param name="weights">Its tensors by name, row-major. Those of auxiliary classifiers may be missing.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or has another size.</exception>
    public static (Network Network, IReadOnlyDictionary<string, float[]> Weights) Fold(
        Network network,
        IReadOnlyDictionary<string, float[]> weights
    )
    {
        var builder = new NetworkBuilder(network.Name, network.Input.Output.Height);
        var rewritten = new Dictionary<Node, Node> { [network.Input] = builder.Input };
        var kept = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var folds = Folds(network);

        foreach (var node in network.Main.Skip(1))
        {
            var input = rewritten[node.Inputs[0]];
            if (node.Layer is Dropout || (node.Layer is BatchNorm && folds.ContainsValue(node)))
            {
                rewritten[node] = input;
            }
            else if (folds.TryGetValue(node, out var norm))
            {
                rewritten[node] = builder.Append(node.Name, (Conv)node.Layer with { Bias = true }, input);
                (kept[$"{node.Name}.weight"], kept[$"{node.Name}.bias"]) = FoldOne(node, norm, weights);
            }
            else
            {
                rewritten[node] = builder.Append(node.Name, node.Layer, [.. node.Inputs.Select(from => rewritten[from])]);
                foreach (var weight in node.Weights.Where(weight => weight.Role != WeightRole.BatchCount))
                    kept[weight.Name] = Values(weights, weight);
            }
        }

        return (builder.Build(network.Init, rewritten[network.Logits]), kept);
    }

    /// <summary>Convolutions whose only reader is a batch normalisation, with it.</summary>
    internal static Dictionary<Node, Node> Folds(Network network)
    {
        var readers = network.Main.SelectMany(node => node.Inputs).CountBy(input => input).ToDictionary();
        return network
            .Main.Where(node => node.Layer is BatchNorm && node.Inputs[0].Layer is Conv && readers[node.Inputs[0]] == 1)
            .ToDictionary(norm => norm.Inputs[0]);
    }

    private static (float[] Kernel, float[] Bias) FoldOne(Node conv, Node norm, IReadOnlyDictionary<string, float[]> weights)
    {
        var kernel = Values(weights, conv.Weights[0]);
        var oldBias = ((Conv)conv.Layer).Bias ? Values(weights, conv.Weights[1]) : null;
        var gamma = Values(weights, norm.Weights[0]);
        var beta = Values(weights, norm.Weights[1]);
        var mean = Values(weights, norm.Weights[2]);
        var variance = Values(weights, norm.Weights[3]);
        var epsilon = ((BatchNorm)norm.Layer).Epsilon;

        var newKernel = new float[kernel.Length];
        var newBias = new float[gamma.Length];
        var perChannel = kernel.Length / gamma.Length;
        for (var channel = 0; channel < gamma.Length; channel++)
        {
            var scale = gamma[channel] / Math.Sqrt(variance[channel] + epsilon);
            newBias[channel] = (float)(beta[channel] + (((oldBias?[channel] ?? 0.0) - mean[channel]) * scale));
            for (var i = channel * perChannel; i < (channel + 1) * perChannel; i++)
                newKernel[i] = (float)(kernel[i] * scale);
        }

        return (newKernel, newBias);
    }

    private static float[] Values(IReadOnlyDictionary<string, float[]> weights, WeightSpec weight)
    {
        if (!weights.TryGetValue(weight.Name, out var values))
            throw new InvalidDataException($"weights: {weight.Name} is missing");

        return values.Length == weight.Count
            ? values
            : throw new InvalidDataException(
                $"weights: {weight.Name} has {values.Length} values, the network wants {string.Join('×', weight.Shape)}"
            );
    }
}
