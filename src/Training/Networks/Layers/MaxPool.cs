namespace Saccade.Training.Networks.Layers;

/// <summary>The largest value under the window, each channel by itself.</summary>
/// <param name="Window">Kernel, stride and padding; padding never wins.</param>
/// <param name="RoundUp">Whether a last window that hangs over the edge counts, as in Caffe.</param>
public sealed record MaxPool(Window Window, bool RoundUp) : Layer
{
    /// <inheritdoc/>
    public override string Detail => $"{Window}";

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Pooling.Output(inputs[0], Window, RoundUp);
}
