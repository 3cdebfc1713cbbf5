using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Recipes;

/// <summary>
/// Stochastic gradient descent with momentum, in torch's form: v ← μ·v + g + λ·θ, then θ ← θ − η·v, or with Nesterov
/// θ ← θ − η·(g + λ·θ + μ·v). Its state is open, so that a checkpoint can hold it.
/// </summary>
public sealed class SgdMomentum : IDisposable
{
    private readonly Recipe _recipe;
    private readonly List<(string Name, Parameter Value, Tensor Velocity, bool Decays)> _parameters;

    /// <summary>Starts at rest.</summary>
    /// <param name="parameters">What is learnt, by name; matrices and kernels decay, vectors (bias, batch norm) as the recipe says.</param>
    /// <param name="recipe">Momentum, Nesterov and weight decay.</param>
    public SgdMomentum(IEnumerable<(string Name, Parameter Value)> parameters, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _parameters = [.. parameters.Select(parameter =>
        {
            var velocity = zeros_like(parameter.Value).DetachFromDisposeScope();
            return (parameter.Name, parameter.Value, velocity, recipe.DecayBiasAndNorm || parameter.Value.ndim > 1);
        })];
    }

    /// <summary>The velocities by parameter name.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => _parameters.Select(parameter => (parameter.Name, parameter.Velocity));

    /// <summary>Moves every parameter that has a gradient. The gradients are overwritten on the way and of no use afterwards.</summary>
    /// <param name="learningRate">η of this step.</param>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, value, velocity, decays) in _parameters)
        {
            if (value.grad is not { } gradient)
                continue;
            if (decays && _recipe.WeightDecay > 0)
                gradient.add_(value, _recipe.WeightDecay);
            velocity.mul_(_recipe.Momentum).add_(gradient);
            var move = _recipe.Nesterov ? gradient.add_(velocity, _recipe.Momentum) : velocity;
            value.add_(move, -learningRate);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _parameters.ForEach(parameter => parameter.Velocity.Dispose());
}
