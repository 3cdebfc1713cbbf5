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

    /// <summary>Starts at rest.</summary>
    /// <param name="parameters">What is learnt, by name.</param>
    /// <param name="recipe">Momentum, Nesterov, weight decay and clipping.</param>
    public SgdMomentum(IEnumerable<(string Name, Parameter Value)> parameters, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _parameters = new LearntParameters(parameters, recipe);
        _velocity = _parameters.Remember("velocity", 0);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => _velocity;

    /// <inheritdoc/>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (index, value, gradient) in _parameters.Gradients())
        {
            var velocity = _velocity[index].Value;
            velocity.mul_(_recipe.Momentum).add_(gradient);
            var move = _recipe.Nesterov ? gradient.add_(velocity, _recipe.Momentum) : velocity;
            value.add_(move, -learningRate);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_velocity, tensor => tensor.Value.Dispose());
}
