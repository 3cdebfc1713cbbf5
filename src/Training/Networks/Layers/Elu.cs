namespace Saccade.Training.Networks.Layers;

/// <summary>x where it is positive, eˣ − 1 elsewhere (Clevert et al. 2015).</summary>
public sealed record Elu : Layer
{
    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => inputs[0];
}
