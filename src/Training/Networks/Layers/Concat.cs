namespace Saccade.Training.Networks.Layers;

/// <summary>Inputs side by side along the channels.</summary>
public sealed record Concat : Layer
{
    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs)
    {
        var first = inputs[0];
        foreach (var other in inputs)
        {
            if (other.Height != first.Height || other.Width != first.Width)
                throw new NetworkException($"grids of {first} and {other} differ");
        }

        return first with
        {
            Channels = inputs.Sum(input => input.Channels),
        };
    }
}
