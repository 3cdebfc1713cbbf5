namespace Saccade.Training.Networks.Layers;

/// <summary>While training, drops values with the given probability and scales up the rest; otherwise does nothing.</summary>
/// <param name="Probability">Share dropped, in [0, 1).</param>
public sealed record Dropout(double Probability) : Layer
{
    /// <inheritdoc/>
    public override string Detail => $"{Probability:0.##}";

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => inputs[0];
}
