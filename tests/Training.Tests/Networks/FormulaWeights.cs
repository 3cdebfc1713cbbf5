using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Tests.Networks;

/// <summary>
/// Weights, running statistics and images that follow from a formula, so that another implementation can be given exactly the same
/// without shipping them: value k of tensor t is (((t · 7919 + k) · 40503) mod 65521) / 65521 − ½, scaled by what the tensor is for.
/// </summary>
internal static class FormulaWeights
{
    internal static Dictionary<string, float[]> For(Network network)
    {
        var names = network.Weights.Where(weight => weight.Role != WeightRole.BatchCount).Select(weight => weight.Name);
        var index = names.Order(StringComparer.Ordinal).Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return network
            .Weights.Where(weight => index.ContainsKey(weight.Name))
            .ToDictionary(weight => weight.Name, weight => Values(weight, index[weight.Name]));
    }

    internal static float[] Images(Network network, int count, int seed = 1000) =>
        [
            .. Enumerable
                .Range(0, count)
                .SelectMany(image => Enumerable.Range(0, (int)network.Input.Output.Count).Select(k => (float)(2 * Unit(seed + image, k)))),
        ];

    private static float[] Values(WeightSpec weight, int tensor)
    {
        var (centre, scale) = weight.Role switch
        {
            WeightRole.Kernel => (0.0, 2 * Math.Sqrt(6.0 / (weight.Count / weight.Shape[0]))),
            WeightRole.Scale => (1.0, 0.4),
            WeightRole.FixedScale => (1.0, 0.0),
            WeightRole.RunningVariance => (1.0, 1.0),
            _ => (0.0, 0.4),
        };
        return [.. Enumerable.Range(0, (int)weight.Count).Select(k => (float)(centre + (scale * Unit(tensor, k))))];
    }

    private static double Unit(long tensor, long k) => (((tensor * 7919 + k) * 40503) % 65521 / 65521.0) - 0.5;
}
