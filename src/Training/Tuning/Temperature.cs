namespace Saccade.Training.Tuning;

/// <summary>The number that logits are divided by before the softmax (Guo et al. 2017, §4.2).</summary>
public static class Temperature
{
    /// <summary>The range that is searched.</summary>
    public const double Least = 0.05;

    /// <summary>The range that is searched.</summary>
    public const double Most = 20;

    private const int Steps = 60;

    /// <summary>Finds the temperature at which the true classes are likeliest.</summary>
    /// <param name="logits">One row for each image.</param>
    /// <param name="labels">The true classes.</param>
    /// <remarks>The likelihood has one maximum: it is concave in the temperature's inverse. Golden section on its logarithm.</remarks>
    public static double Fit(IReadOnlyList<float[]> logits, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        if (logits.Count == 0 || logits.Count != labels.Count)
            throw new ArgumentException($"{logits.Count} rows of logits cannot be held against {labels.Count} labels.", nameof(logits));

        var section = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(Least), Math.Log(Most));
        var (left, right) = (high - (section * (high - low)), low + (section * (high - low)));
        var (atLeft, atRight) = (Loss(left), Loss(right));
        for (var step = 0; step < Steps; step++)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (section * (high - low));
                atLeft = Loss(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (section * (high - low));
                atRight = Loss(right);
            }
        }

        return Math.Exp((low + high) / 2);

        double Loss(double logarithm) => NegativeLogLikelihood(logits, labels, Math.Exp(logarithm));
    }

    /// <summary>Mean of −log of the true class's probability, in nats.</summary>
    public static double NegativeLogLikelihood(IReadOnlyList<float[]> logits, IReadOnlyList<int> labels, double temperature)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        var sum = 0.0;
        for (var image = 0; image < logits.Count; image++)
        {
            double max = logits[image].Max();
            var total = 0.0;
            foreach (var logit in logits[image])
                total += Math.Exp((logit - max) / temperature);
            sum += Math.Log(total) - ((logits[image][labels[image]] - max) / temperature);
        }

        return sum / logits.Count;
    }
}
