using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Recipes;

/// <summary>
/// What is learnt, and the part of a step that all optimisers share: the gradient of the whole loss, weight decay included, clipped
/// to a largest length over all parameters together.
/// </summary>
internal sealed class LearntParameters
{
    private readonly Recipe _recipe;
    private readonly (string Name, Parameter Value, double Rate, bool Decays)[] _parameters;

    /// <summary>Fixes what is learnt.</summary>
    /// <param name="parameters">By name; matrices and kernels decay, vectors (bias, batch norm) as the recipe says.</param>
    /// <param name="recipe">Weight decay and clipping.</param>
    /// <param name="rates">What multiplies the learning rate of some, by name; the others' is 1.</param>
    public LearntParameters(
        IEnumerable<(string Name, Parameter Value)> parameters,
        Recipe recipe,
        IReadOnlyDictionary<string, double>? rates = null
    )
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _parameters =
        [
            .. parameters.Select(parameter =>
                (
                    parameter.Name,
                    parameter.Value,
                    rates?.GetValueOrDefault(parameter.Name, 1) ?? 1,
                    recipe.DecayBiasAndNorm || parameter.Value.ndim > 1
                )
            ),
        ];
    }

    /// <summary>How many there are.</summary>
    internal int Count => _parameters.Length;

    /// <summary>Makes a tensor of every parameter's shape, owned by the caller.</summary>
    /// <param name="name">Goes before the parameters' names.</param>
    /// <param name="value">Of every element.</param>
    internal (string Name, Tensor Value)[] Remember(string name, double value)
    {
        using var noGradient = no_grad();
        using Scalar first = value; // held until libtorch has read it, see Libtorch
        return
        [
            .. _parameters.Select(parameter =>
                ($"{name}.{parameter.Name}", zeros_like(parameter.Value).fill_(first).DetachFromDisposeScope())
            ),
        ];
    }

    /// <summary>The parameters that have a gradient, by position. The gradients are changed where they are.</summary>
    /// <param name="coupled">Whether weight decay is part of the gradient; otherwise it is left to the optimiser.</param>
    /// <remarks>Call without gradient recording and in a dispose scope.</remarks>
    internal IReadOnlyList<Moving> Gradients(bool coupled = true)
    {
        List<Moving> moving = [];
        using Scalar decay = _recipe.WeightDecay;
        foreach (var (index, (_, value, rate, decays)) in _parameters.Index())
        {
            if (value.grad is not { } gradient)
                continue;
            if (coupled && decays && _recipe.WeightDecay > 0)
                gradient.add_(value, decay);
            moving.Add(new(index, value, gradient, rate, decays));
        }

        if (_recipe.ClipNorm is { } longest)
            Clip([.. moving.Select(item => item.Gradient)], longest);
        return moving;
    }

    /// <summary>Shortens gradients to a largest length of all of them as one vector, as <c>tf.clip_by_global_norm</c>.</summary>
    /// <returns>The length before.</returns>
    internal static double Clip(IReadOnlyList<Tensor> gradients, double longest)
    {
        var length = Math.Sqrt(gradients.Sum(gradient => Math.Pow(gradient.norm().item<float>(), 2)));
        if (length > longest)
        {
            using Scalar share = longest / length;
            foreach (var gradient in gradients)
                gradient.mul_(share);
        }

        return length;
    }

    /// <summary>A parameter in a step.</summary>
    /// <param name="Index">Its position.</param>
    /// <param name="Value">What moves.</param>
    /// <param name="Gradient">Where to.</param>
    /// <param name="Rate">Multiplies the learning rate.</param>
    /// <param name="Decays">Whether weight decay applies to it.</param>
    internal readonly record struct Moving(int Index, Parameter Value, Tensor Gradient, double Rate, bool Decays);
}
