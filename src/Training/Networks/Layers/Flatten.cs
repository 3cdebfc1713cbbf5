namespace Saccade.Training.Networks.Layers;

/// <summary>The same values as one vector, channel by channel, row by row.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Shape.Vector(checked((int)inputs[0].Count));
}
