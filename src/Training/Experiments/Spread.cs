namespace Saccade.Training.Experiments;

/// <summary>Several measurements of the same thing.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation, of n − 1; null of fewer than two.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct Spread(double Mean, double? Deviation, int Count)
{
    /// <summary>Mean and standard deviation of values.</summary>
    /// <param name="values">At least one.</param>
    public static Spread Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        var mean = values.Average();
        double? deviation = values.Count < 2 ? null : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return new Spread(mean, deviation, values.Count);
    }
}
