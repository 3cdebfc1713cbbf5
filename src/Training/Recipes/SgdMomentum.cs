using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Recipes;

/// <summary>
/// Stochastic gradient descent with momentum, in torch's form: v ← μ·v + g, then θ ← θ − η·v, or with Nesterov
/// θ ← θ − η·(g + μ·v); g is the gradient of <see cref="LearntParameters"/>.
/// </summary>
public sealed class SgdMomentum : IOptimiser
{
    private readonly Recipe _recipe;
    private readonly LearntParameters _parameters;
    private readonly (string Name, Tensor Value)[] _velocity;
    private readonly double[] _rates;

    /// <summary>Starts at rest.</summary>
    /// <param name="parameters">What is learnt, by name.</param>
    /// <param name="recipe">Momentum, Nesterov, weight decay, clipping and the rate of <paramref name="normBiases"/>.</param>
    /// <param name="normBiases">Names of batch normalisation's β; null where there are none.</param>
    public SgdMomentum(IEnumerable<(string Name, Parameter Value)> parameters, Recipe recipe, IEnumerable<string>? normBiases = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var learnt = parameters.ToList();
        var faster = (normBiases ?? []).ToHashSet(StringComparer.Ordinal);
        _recipe = recipe;
        _parameters = new LearntParameters(learnt, recipe);
        _rates = [.. learnt.Select(parameter => faster.Contains(parameter.Name) ? recipe.NormBiasRate : 1)];
        _velocity = _parameters.Remember("velocity", 0);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => _velocity;

    /// <inheritdoc/>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar momentum = _recipe.Momentum; // held until libtorch has read it, see Libtorch
        foreach (var (index, value, gradient) in _parameters.Gradients())
        {
            using Scalar step = -learningRate * _rates[index];
            var velocity = _velocity[index].Value;
            velocity.mul_(momentum).add_(gradient, Libtorch.One);
            var move = _recipe.Nesterov ? gradient.add_(velocity, momentum) : velocity;
            value.add_(move, step);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_velocity, tensor => tensor.Value.Dispose());
}
