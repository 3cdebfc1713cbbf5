using System.Numerics.Tensors;

namespace Saccade.Inference.Looks;

/// <summary>How sure an answer is, from 0 to 1, by each <see cref="StopRule"/>. Pure.</summary>
public static class Certainty
{
    /// <summary>Measures an answer.</summary>
    /// <param name="rule">How.</param>
    /// <param name="probabilities">One for each class, summing to 1.</param>
    /// <param name="agreement">See <see cref="StopRule.Agreement"/>.</param>
    /// <returns>0 (no idea) to 1 (no doubt).</returns>
    public static double Of(StopRule rule, ReadOnlySpan<float> probabilities, double agreement) => rule switch
    {
        StopRule.Margin => Margin(probabilities),
        StopRule.Entropy => 1 - Entropy(probabilities),
        StopRule.Agreement => agreement,
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "No rule has this name."),
    };

    private static double Margin(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length == 1) return 1;
        var best = TensorPrimitives.IndexOfMax(probabilities);
        var second = 0f;
        for (var index = 0; index < probabilities.Length; index++)
        {
            if (index != best) second = Math.Max(second, probabilities[index]);
        }

        return probabilities[best] - second;
    }

    /// <summary>As a share of that of a uniform distribution.</summary>
    private static double Entropy(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length == 1) return 0;
        var sum = 0.0;
        foreach (var probability in probabilities)
        {
            if (probability > 0) sum -= probability * Math.Log(probability);
        }

        return Math.Clamp(sum / Math.Log(probabilities.Length), 0, 1);
    }
}
