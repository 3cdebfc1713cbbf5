using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Modules;

/// <summary>Makes a network's tensors and gives them their first values (<see cref="WeightInit"/>).</summary>
internal static class WeightInitialiser
{
    private const double WithinTwoDeviations = 0.954_499_736_103_64; // erf(√2)

    /// <summary>Registers every tensor of the network with the module, in computing order.</summary>
    internal static void Register(NetworkModule module, Network network)
    {
        foreach (var node in network.Nodes)
        {
            foreach (var weight in node.Weights)
            {
                if (weight.Role == WeightRole.BatchCount)
                    module.register_buffer(weight.Name, zeros(Array.Empty<long>(), dtype: ScalarType.Int64));
                else if (weight.Trainable)
                    module.register_parameter(weight.Name, new Parameter(FirstValues(network, node, weight)));
                else
                    module.register_buffer(weight.Name, FirstValues(network, node, weight));
            }
        }
    }

    private static Tensor FirstValues(Network network, Node node, WeightSpec weight)
    {
        var tensor = empty(weight.Shape.ToArray(), dtype: ScalarType.Float32);
        return weight.Role switch
        {
            WeightRole.Kernel when network.Init == WeightInit.CaffeXavier => Uniform(tensor, Math.Sqrt(3.0 / FanIn(weight))),
            WeightRole.Kernel when network.Init == WeightInit.TruncatedNormal => TruncatedNormal(tensor, Deviation(node.Layer)),
            WeightRole.Kernel when node.Layer is Conv conv => tensor.normal_(0, Math.Sqrt(2.0 / FanOut(weight, conv))),
            WeightRole.Kernel => tensor.normal_(0, 0.01),
            WeightRole.Bias when network.Init == WeightInit.CaffeXavier && !network.IsClassifier(node) => Constant(tensor, 0.2),
            WeightRole.Scale or WeightRole.FixedScale or WeightRole.RunningVariance => Constant(tensor, 1),
            _ => Constant(tensor, 0),
        };
    }

    private static Tensor Constant(Tensor tensor, double value)
    {
        using Scalar scalar = value; // held until libtorch has read it, see Libtorch
        return tensor.fill_(scalar);
    }

    private static Tensor Uniform(Tensor tensor, double limit) => tensor.uniform_(-limit, limit);

    // The quantile function of the normal distribution, √2 · erf⁻¹, of evenly spread values from the middle 95.45 %. TorchSharp 0.107's
    // own trunc_normal_ is wrong: with mean 0 it makes every value the deviation.
    private static Tensor TruncatedNormal(Tensor tensor, double deviation)
    {
        using Scalar scale = Math.Sqrt(2) * deviation;
        return tensor.uniform_(-WithinTwoDeviations, WithinTwoDeviations).erfinv_().mul_(scale);
    }

    private static double Deviation(Layer layer) =>
        layer switch
        {
            Conv { InitialDeviation: { } deviation } => deviation,
            Networks.Layers.Linear { InitialDeviation: { } deviation } => deviation,
            _ => 0.1,
        };

    private static long FanIn(WeightSpec kernel) => kernel.Count / kernel.Shape[0];

    private static long FanOut(WeightSpec kernel, Conv conv) => kernel.Count / kernel.Shape[1] / conv.Groups;
}
