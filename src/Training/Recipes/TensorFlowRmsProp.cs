using TorchSharp;
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
    /// <param name="rates">What multiplies the learning rate of some, by name; the others' is 1.</param>
    public TensorFlowRmsProp(
        IEnumerable<(string Name, Parameter Value)> parameters,
        Recipe recipe,
        IReadOnlyDictionary<string, double>? rates = null
    )
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _parameters = new LearntParameters(parameters, recipe, rates);
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
        // Held until libtorch has read them, see Libtorch.
        using Scalar keep = _recipe.RmsDecay;
        using Scalar take = 1 - _recipe.RmsDecay;
        using Scalar epsilon = _recipe.RmsEpsilon;
        using Scalar momentum = _recipe.Momentum;
        foreach (var (index, value, gradient, factor, _) in _parameters.Gradients())
        {
            using Scalar rate = learningRate * factor;
            var (meanSquare, velocity) = (_meanSquare[index].Value, _velocity[index].Value);
            meanSquare.mul_(keep).addcmul_(gradient, gradient, take);
            using var root = meanSquare.add(epsilon, Libtorch.One).sqrt_();
            velocity.mul_(momentum).addcdiv_(gradient, root, rate);
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
