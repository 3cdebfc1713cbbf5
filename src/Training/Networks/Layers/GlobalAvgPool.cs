namespace Saccade.Training.Networks.Layers;

/// <summary>The mean of each channel over the whole grid.</summary>
public sealed record GlobalAvgPool : Layer
{
    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Shape.Vector(inputs[0].Channels);
}
