namespace Saccade.Training.Networks.Layers;

/// <summary>The mean under the window, each channel by itself.</summary>
/// <param name="Window">Kernel, stride and padding.</param>
/// <param name="RoundUp">Whether a last window that hangs over the edge counts; what hangs over is never counted in its mean.</param>
/// <param name="CountPadding">
/// Whether the mean counts padding as zeros. torchvision's Inception-v3 does, Keras's and TensorFlow's do not.
/// </param>
public sealed record AvgPool(Window Window, bool RoundUp, bool CountPadding) : Layer
{
    /// <inheritdoc/>
    public override string Detail => $"{Window}";

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Pooling.Output(inputs[0], Window, RoundUp);
}
