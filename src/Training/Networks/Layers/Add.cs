namespace Saccade.Training.Networks.Layers;

/// <summary>Sum of two inputs of one shape: the shortcut of a residual block.</summary>
public sealed record Add : Layer
{
    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) =>
        inputs is [var left, var right] && left == right
            ? left
            : throw new NetworkException($"shapes {string.Join(" and ", inputs)} differ");
}
