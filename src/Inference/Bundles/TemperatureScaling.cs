namespace Saccade.Inference.Bundles;

/// <summary>What makes a model's probabilities mean what they say: of answers given with 0.8, four in five are right.</summary>
/// <param name="Temperature">The logits are divided by it before the softmax (Guo et al. 2017, "On Calibration of Modern Neural Networks",
/// §4.2).</param>
/// <param name="DataSet">Which images, and which part of them was used for what.</param>
/// <param name="Images">Images the error was measured on; none of them was used to find the temperature.</param>
/// <param name="ErrorBefore">Expected calibration error without it, one crop, 0 to 1 (15 bins).</param>
/// <param name="ErrorAfter">The same with it.</param>
public sealed record TemperatureScaling(
    double Temperature,
    string? DataSet = null,
    int Images = 0,
    double? ErrorBefore = null,
    double? ErrorAfter = null
)
{
    private const double Least = 0.05;
    private const double Most = 20;

    /// <summary>What is wrong with it; null when it is sound.</summary>
    internal string? Problem => Temperature is >= Least and <= Most ? null : $"temperatureScaling.temperature must be {Least} to {Most}.";
}
