using System.Numerics.Tensors;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Classification;

/// <summary>The confidence of an answer, 0 to 1, by each <see cref="ConfidenceRule"/>. Pure.</summary>
public static class Confidence
{
    /// <summary>Measures an answer.</summary>
    /// <param name="rule">How.</param>
    /// <param name="probabilities">One for each class, summing to 1.</param>
    /// <param name="agreement">See <see cref="ConfidenceRule.Agreement"/>.</param>
    /// <returns>0 (no idea) to 1 (no doubt).</returns>
    public static double Of(ConfidenceRule rule, ReadOnlySpan<float> probabilities, double agreement) =>
        rule switch
        {
            ConfidenceRule.Margin => Margin(probabilities),
            ConfidenceRule.Entropy => 1 - Entropy(probabilities),
            ConfidenceRule.Agreement => agreement,
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "No rule has this name."),
        };

    private static double Margin(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length == 1)
            return 1;
        var best = TensorPrimitives.IndexOfMax(probabilities);
        var second = 0f;
        for (var index = 0; index < probabilities.Length; index++)
        {
            if (index != best)
                second = Math.Max(second, probabilities[index]);
        }

        return probabilities[best] - second;
    }

    /// <summary>As a share of that of a uniform distribution.</summary>
    private static double Entropy(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length == 1)
            return 0;
        var sum = 0.0;
        foreach (var probability in probabilities)
        {
            if (probability > 0)
                sum -= probability * Math.Log(probability);
        }

        return Math.Clamp(sum / Math.Log(probabilities.Length), 0, 1);
    }
}
