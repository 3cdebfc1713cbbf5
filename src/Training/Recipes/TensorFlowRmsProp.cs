using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Recipes;

/// <summary>
/// RMSProp as TensorFlow computes it (architectures.md §3.3): s ← ρ·s + (1 − ρ)·g² from s = 1, v ← μ·v + η·g/√(s + ε), θ ← θ − v.
/// torch starts at s = 0, adds ε to the root and multiplies the velocity by η; with the papers' ε = 1 that is another method.
/// </summary>
public sealed class TensorFlowRmsProp : IOptimiser
{
    private readonly Recipe _recipe;
    private readonly LearntParameters _parameters;
    private readonly (string Name, Tensor Value)[] _meanSquare;
    private readonly (string Name, Tensor Value)[] _velocity;

    /// <summary>Starts at rest, with mean squares of 1.</summary>
    /// <param name="parameters">What is learnt, by name.</param>
    /// <param name="recipe">ρ, ε, momentum, weight decay and clipping.</param>
    public TensorFlowRmsProp(IEnumerable<(string Name, Parameter Value)> parameters, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _parameters = new LearntParameters(parameters, recipe);
        _meanSquare = _parameters.Remember("meanSquare", 1);
        _velocity = _parameters.Remember("velocity", 0);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => [.. _meanSquare, .. _velocity];

    /// <inheritdoc/>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (index, value, gradient) in _parameters.Gradients())
        {
            var (meanSquare, velocity) = (_meanSquare[index].Value, _velocity[index].Value);
            meanSquare.mul_(_recipe.RmsDecay).addcmul_(gradient, gradient, 1 - _recipe.RmsDecay);
            using var root = meanSquare.add(_recipe.RmsEpsilon).sqrt_();
            velocity.mul_(_recipe.Momentum).addcdiv_(gradient, root, learningRate);
            value.sub_(velocity);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_meanSquare, tensor => tensor.Value.Dispose());
        Array.ForEach(_velocity, tensor => tensor.Value.Dispose());
    }
}
