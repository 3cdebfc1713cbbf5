using Saccade.Training.Networks.Layers;
using static TorchSharp.torch;

namespace Saccade.Training.Modules;

/// <summary>A module's tensors as plain arrays, by the graph's names.</summary>
public static class ModuleWeights
{
    /// <summary>Copies parameters and running statistics out, row-major. The batch counters are left out: nothing computes with
    /// them.</summary>
    public static Dictionary<string, float[]> Read(NetworkModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var state = module.state_dict();
        return module
            .Network.Weights.Where(weight => weight.Role != WeightRole.BatchCount)
            .ToDictionary(weight => weight.Name, weight => state[weight.Name].cpu().data<float>().ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Copies arrays in. Tensors of the network that are not given keep their values, so that auxiliary classifiers may be
    /// missing.</summary>
    /// <exception cref="InvalidDataException">A tensor of the network without its auxiliary classifiers is missing, or one has another
    /// size.</exception>
    public static void Write(NetworkModule module, IReadOnlyDictionary<string, float[]> weights)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(weights);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var state = module.state_dict();
        foreach (var node in module.Network.Nodes)
        {
            foreach (var weight in node.Weights.Where(weight => weight.Role != WeightRole.BatchCount))
            {
                if (weights.TryGetValue(weight.Name, out var values) && values.Length == weight.Count)
                    state[weight.Name].copy_(tensor(values, weight.Shape.ToArray()));
                else if (values is not null || module.Network.IsMain(node))
                    throw new InvalidDataException($"weights: {weight.Name} is missing or has not {string.Join('×', weight.Shape)} values");
            }
        }
    }
}
