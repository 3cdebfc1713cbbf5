namespace Saccade.Training.Networks.Layers;

/// <summary>Where images come in.</summary>
/// <param name="Shape">Their shape.</param>
public sealed record Input(Shape Shape) : Layer
{
    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Shape;
}
