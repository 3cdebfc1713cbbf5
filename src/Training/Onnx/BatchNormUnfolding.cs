using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using static TorchSharp.torch;

namespace Saccade.Training.Onnx;

/// <summary>
/// Takes <see cref="BatchNormFolding"/> back, as far as that goes: a folded convolution W·x + b says nothing of the statistics that it was
/// trained with, but statistics can be measured again. With mean m and variance v of each channel of W·x over some images, batch
/// normalisation with running mean m, running variance v, γ = √(v + ε) and β = b + m changes nothing, and in training, where a batch's own
/// statistics are near m and v, next to nothing.
/// </summary>
internal static class BatchNormUnfolding
{
    private const int ImagesAtOnce = 32;

    /// <summary>Weights with which a network computes what the folded one does: statistics of 0 and 1, until they are measured.</summary>
    /// <param name="network">With batch normalisation.</param>
    /// <param name="folded">Of the network that <see cref="BatchNormFolding"/> would make of it, by name.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or has another size.</exception>
    public static IReadOnlyDictionary<string, float[]> Unfold(Network network, IReadOnlyDictionary<string, float[]> folded)
    {
        var weights = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var folds = BatchNormFolding.Folds(network);
        foreach (var node in network.Main)
        {
            if (folds.TryGetValue(node, out var norm))
            {
                weights[node.Weights[0].Name] = Values(folded, node.Weights[0].Name, node.Weights[0].Count);
                if (((Conv)node.Layer).Bias)
                    weights[node.Weights[1].Name] = new float[node.Weights[1].Count];
                var shift = Values(folded, $"{node.Name}.bias", norm.Weights[1].Count);
                var epsilon = ((BatchNorm)norm.Layer).Epsilon;
                foreach (var weight in norm.Weights.Where(weight => weight.Role != WeightRole.BatchCount))
                {
                    weights[weight.Name] = weight.Role switch
                    {
                        WeightRole.Shift => shift,
                        WeightRole.RunningMean => new float[weight.Count],
                        WeightRole.RunningVariance => Filled(weight.Count, 1 - epsilon),
                        _ => Filled(weight.Count, 1),
                    };
                }
            }
            else if (!folds.ContainsValue(node))
            {
                foreach (var weight in node.Weights.Where(weight => weight.Role != WeightRole.BatchCount))
                    weights[weight.Name] = Values(folded, weight.Name, weight.Count);
            }
        }

        return weights;
    }

    /// <summary>Measures the statistics of unfolded batch normalisation on images and puts them in.</summary>
    /// <param name="module">With the weights of <see cref="Unfold"/>; what it computes stays the same within rounding.</param>
    /// <param name="images">Normalised pixels of one crop each, [3, H, W]; at least one.</param>
    public static void Measure(NetworkModule module, IEnumerable<float[]> images)
    {
        var norms = BatchNormFolding.Folds(module.Network).Values.ToHashSet();
        var sums = norms.ToDictionary(norm => norm, norm => new Moments(norm.Output.Channels));
        using var evaluating = module.Evaluating();
        module.Reading = (norm, x) =>
        {
            if (sums.TryGetValue(norm, out var moments))
                moments.Add(x);
        };
        using var noGradient = no_grad();
        try
        {
            foreach (var chunk in images.Chunk(ImagesAtOnce))
            {
                using var scope = NewDisposeScope();
                module.forward(PixelTensor.Of([.. chunk.SelectMany(image => image)], module.Network.Input.Output));
            }
        }
        finally
        {
            module.Reading = null;
        }

        var state = module.state_dict();
        foreach (var (norm, moments) in sums)
            Settle(state, norm, moments);
    }

    private static void Settle(Dictionary<string, Tensor> tensors, Node norm, Moments moments)
    {
        var layer = (BatchNorm)norm.Layer;
        var state = norm.Weights.ToDictionary(weight => weight.Role, weight => tensors[weight.Name]);
        var (shift, mean, variance) = (
            state[WeightRole.Shift].data<float>(),
            state[WeightRole.RunningMean].data<float>(),
            state[WeightRole.RunningVariance].data<float>()
        );
        for (var channel = 0; channel < moments.Channels; channel++)
        {
            mean[channel] = (float)moments.Mean(channel);
            shift[channel] += mean[channel];

            // Where γ is fixed at 1 the variance that changes nothing stays.
            if (!layer.Scale)
                continue;
            variance[channel] = (float)moments.Variance(channel);
            var scale = state[WeightRole.Scale].data<float>();
            scale[channel] = (float)Math.Sqrt(variance[channel] + layer.Epsilon);
        }
    }

    private static float[] Values(IReadOnlyDictionary<string, float[]> weights, string name, long count) =>
        weights.TryGetValue(name, out var values) && values.Length == count
            ? values
            : throw new InvalidDataException($"weights: {name} is missing or has not {count} values");

    private static float[] Filled(long count, double value)
    {
        var values = new float[count];
        Array.Fill(values, (float)value);
        return values;
    }

    /// <summary>Sums over the values of each channel.</summary>
    private sealed class Moments(int channels)
    {
        private static readonly long[] Others = [0, 2, 3];
        private readonly double[] _sum = new double[channels];
        private readonly double[] _squares = new double[channels];
        private long _count;

        public int Channels => channels;

        public void Add(Tensor x)
        {
            var wide = x.to(ScalarType.Float64);
            var (sum, squares) = (wide.sum(Others).data<double>(), wide.mul(wide).sum(Others).data<double>());
            for (var channel = 0; channel < channels; channel++)
            {
                _sum[channel] += sum[channel];
                _squares[channel] += squares[channel];
            }

            _count += x.numel() / channels;
        }

        public double Mean(int channel) => _sum[channel] / _count;

        public double Variance(int channel) => Math.Max(0, (_squares[channel] / _count) - (Mean(channel) * Mean(channel)));
    }
}
