namespace Saccade.Training.Networks.Layers;

/// <summary>Convolution. Depthwise when <paramref name="Groups"/> equals the input's channels.</summary>
/// <param name="Channels">Output channels.</param>
/// <param name="Window">Kernel, stride and padding.</param>
/// <param name="Bias">Whether a bias is added; left out where batch normalisation follows.</param>
/// <param name="Groups">Independent slices of the channels; divides both channel counts.</param>
public sealed record Conv(int Channels, Window Window, bool Bias, int Groups = 1) : Layer
{
    /// <inheritdoc/>
    public override string Detail => Groups == 1 ? $"{Window}" : $"{Window} groups {Groups}";

    /// <summary>Deviation of the first weights under <see cref="WeightInit.TruncatedNormal"/>; null leaves it to that.</summary>
    public double? InitialDeviation { get; init; }

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs)
    {
        var input = inputs[0];
        if (Groups < 1 || input.Channels % Groups != 0 || Channels % Groups != 0)
            throw new NetworkException($"{Groups} groups divide neither or only one of input {input} and {Channels} output channels");

        var (rows, columns) =
            Window.Slide(input)
            ?? throw new NetworkException(
                $"window {Window} with padding {Window.Pad.Rows}×{Window.Pad.Columns} is larger than input {input}"
            );
        return new Shape(Channels, rows, columns);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<WeightSpec> Weights(Shape input)
    {
        var kernel = new WeightSpec(
            "weight",
            [Channels, input.Channels / Groups, Window.Kernel.Rows, Window.Kernel.Columns],
            WeightRole.Kernel
        );
        return Bias ? [kernel, new WeightSpec("bias", [Channels], WeightRole.Bias)] : [kernel];
    }

    /// <inheritdoc/>
    public override long Macs(Shape input, Shape output) =>
        output.Count * (input.Channels / Groups) * Window.Kernel.Rows * Window.Kernel.Columns;
}
