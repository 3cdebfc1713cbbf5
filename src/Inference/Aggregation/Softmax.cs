using System.Numerics.Tensors;

namespace Saccade.Inference.Aggregation;

/// <summary>Logits to probabilities.</summary>
public static class Softmax
{
    /// <summary>Computes exp((x − max) / t) / Σ exp((x − max) / t), which no size of logits can overflow.</summary>
    /// <param name="logits">At least one.</param>
    /// <param name="probabilities">As many; in 0…1, summing to 1. May be the same memory as <paramref name="logits"/>.</param>
    /// <param name="temperature">t, positive: above 1 the probabilities come closer to each other, below 1 they part.</param>
    /// <returns>False if a logit is infinite or not a number; then nothing is written.</returns>
    /// <exception cref="ArgumentException">No logits, or a destination of another length.</exception>
    public static bool TryCompute(ReadOnlySpan<float> logits, Span<float> probabilities, double temperature = 1)
    {
        if (logits.IsEmpty || probabilities.Length != logits.Length)
        {
            throw new ArgumentException(
                $"{logits.Length} logits cannot become {probabilities.Length} probabilities.",
                nameof(probabilities)
            );
        }

        // Both propagate NaN, so two finite answers mean that every logit is finite.
        float max = TensorPrimitives.Max(logits);
        if (!float.IsFinite(max) || !float.IsFinite(TensorPrimitives.Min(logits)))
        {
            return false;
        }

        TensorPrimitives.Subtract(logits, max, probabilities);
        if (temperature != 1)
            TensorPrimitives.Multiply(probabilities, (float)(1 / temperature), probabilities);
        TensorPrimitives.Exp(probabilities, probabilities);
        TensorPrimitives.Divide(probabilities, TensorPrimitives.Sum<float>(probabilities), probabilities);
        return true;
    }
}
