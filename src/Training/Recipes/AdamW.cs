using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Recipes;

/// <summary>
/// AdamW as torch computes it: m ← β₁·m + (1 − β₁)·g, s ← β₂·s + (1 − β₂)·g², and with m̂ = m/(1 − β₁ᵗ) and ŝ = s/(1 − β₂ᵗ)
/// θ ← θ·(1 − η·λ) − η·m̂/(√ŝ + ε). Weight decay λ is no part of g.
/// </summary>
/// <remarks>t counts a parameter's own steps: one that was frozen at first starts at 1 when it is let go.</remarks>
public sealed class AdamW : IOptimiser
{
    private readonly Recipe _recipe;
    private readonly LearntParameters _parameters;
    private readonly (string Name, Tensor Value)[] _mean;
    private readonly (string Name, Tensor Value)[] _meanSquare;
    private readonly Tensor _steps;

    /// <summary>Starts at rest.</summary>
    /// <param name="parameters">What is learnt, by name.</param>
    /// <param name="recipe">β₁ (momentum), β₂, ε, weight decay and clipping.</param>
    /// <param name="rates">What multiplies the learning rate of some, by name; the others' is 1.</param>
    public AdamW(IEnumerable<(string Name, Parameter Value)> parameters, Recipe recipe, IReadOnlyDictionary<string, double>? rates = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _parameters = new LearntParameters(parameters, recipe, rates);
        _mean = _parameters.Remember("mean", 0);
        _meanSquare = _parameters.Remember("meanSquare", 0);
        _steps = zeros(_parameters.Count, dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => [.. _mean, .. _meanSquare, ("steps", _steps)];

    /// <inheritdoc/>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // Held until libtorch has read them, see Libtorch.
        using Scalar beta1 = _recipe.Momentum;
        using Scalar rest1 = 1 - _recipe.Momentum;
        using Scalar beta2 = _recipe.Beta2;
        using Scalar rest2 = 1 - _recipe.Beta2;
        using Scalar epsilon = _recipe.AdamEpsilon;
        var steps = _steps.data<long>();
        foreach (var (index, value, gradient, factor, decays) in _parameters.Gradients(coupled: false))
        {
            var step = ++steps[index];
            var rate = learningRate * factor;
            var (mean, meanSquare) = (_mean[index].Value, _meanSquare[index].Value);
            mean.mul_(beta1).add_(gradient, rest1);
            meanSquare.mul_(beta2).addcmul_(gradient, gradient, rest2);

            using Scalar keep = 1 - (decays ? rate * _recipe.WeightDecay : 0);
            using Scalar rootOfCorrection = 1 / Math.Sqrt(1 - Math.Pow(_recipe.Beta2, step));
            using Scalar move = -rate / (1 - Math.Pow(_recipe.Momentum, step));
            using var root = meanSquare.sqrt().mul_(rootOfCorrection).add_(epsilon, Libtorch.One);
            value.mul_(keep).addcdiv_(mean, root, move);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_mean, tensor => tensor.Value.Dispose());
        Array.ForEach(_meanSquare, tensor => tensor.Value.Dispose());
        _steps.Dispose();
    }
}
