using System.Numerics.Tensors;

namespace Saccade.Inference.Aggregation;

/// <summary>Outputs to probabilities of labels that do not exclude each other.</summary>
public static class Sigmoid
{
    /// <summary>Computes 1 / (1 + exp(−x / t)) for each label.</summary>
    /// <param name="logits">One for each label; or one for two labels that exclude each other, the logit of the second.</param>
    /// <param name="probabilities">One for each label, each in 0…1.</param>
    /// <param name="temperature">t, positive.</param>
    /// <returns>False if a logit is infinite or not a number; what is written then means nothing.</returns>
    /// <exception cref="ArgumentException">The lengths do not belong together.</exception>
    public static bool TryCompute(ReadOnlySpan<float> logits, Span<float> probabilities, double temperature = 1)
    {
        if (!TryCopy(logits, probabilities, out var own))
            return false;
        if (temperature != 1)
            TensorPrimitives.Multiply(own, (float)(1 / temperature), own);
        TensorPrimitives.Sigmoid(own, own);
        Complete(own, probabilities);
        return true;
    }

    /// <summary>Takes over what is a probability already, and puts what rounding took out of 0…1 back into it.</summary>
    /// <param name="outputs">One for each label; or one for two labels that exclude each other, the probability of the second.</param>
    /// <param name="probabilities">One for each label, each in 0…1.</param>
    /// <returns>False if an output is infinite or not a number; what is written then means nothing.</returns>
    /// <exception cref="ArgumentException">The lengths do not belong together.</exception>
    public static bool TryTake(ReadOnlySpan<float> outputs, Span<float> probabilities)
    {
        if (!TryCopy(outputs, probabilities, out var own))
            return false;
        TensorPrimitives.Max(own, 0, own);
        TensorPrimitives.Min(own, 1, own);
        Complete(own, probabilities);
        return true;
    }

    private static bool TryCopy(ReadOnlySpan<float> outputs, Span<float> probabilities, out Span<float> own)
    {
        own = outputs.Length == 1 && probabilities.Length == 2 ? probabilities[1..] : probabilities;
        if (outputs.IsEmpty || own.Length != outputs.Length)
            throw new ArgumentException($"{outputs.Length} outputs cannot become {probabilities.Length} probabilities.", nameof(outputs));
        outputs.CopyTo(own);
        return float.IsFinite(TensorPrimitives.Max(outputs)) && float.IsFinite(TensorPrimitives.Min(outputs));
    }

    private static void Complete(Span<float> own, Span<float> probabilities)
    {
        if (own.Length < probabilities.Length)
            probabilities[0] = 1 - own[0];
    }
}
