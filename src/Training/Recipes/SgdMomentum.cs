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

    /// <summary>Starts at rest.</summary>
    /// <param name="parameters">What is learnt, by name.</param>
    /// <param name="recipe">Momentum, Nesterov, weight decay and clipping.</param>
    /// <param name="rates">What multiplies the learning rate of some, by name; the others' is 1.</param>
    public SgdMomentum(
        IEnumerable<(string Name, Parameter Value)> parameters,
        Recipe recipe,
        IReadOnlyDictionary<string, double>? rates = null
    )
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _parameters = new LearntParameters(parameters, recipe, rates);
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
        foreach (var (index, value, gradient, rate, _) in _parameters.Gradients())
        {
            using Scalar step = -learningRate * rate;
            var velocity = _velocity[index].Value;
            velocity.mul_(momentum).add_(gradient, Libtorch.One);
            var move = _recipe.Nesterov ? gradient.add_(velocity, momentum) : velocity;
            value.add_(move, step);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_velocity, tensor => tensor.Value.Dispose());
}
