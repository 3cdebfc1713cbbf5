namespace Saccade.Training.Networks.Layers;

/// <summary>
/// Means over a grid of given size, whatever the input's: cell i covers rows ⌊i·H/Rows⌋ up to ⌈(i+1)·H/Rows⌉, so cells may overlap.
/// </summary>
/// <param name="Rows">Output rows.</param>
/// <param name="Columns">Output columns.</param>
public sealed record AdaptiveAvgPool(int Rows, int Columns) : Layer
{
    /// <inheritdoc/>
    public override string Detail => $"to {Rows}×{Columns}";

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => new(inputs[0].Channels, Rows, Columns);
}
