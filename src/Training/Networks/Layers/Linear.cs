namespace Saccade.Training.Networks.Layers;

/// <summary>Fully connected layer, on a vector of features.</summary>
/// <param name="Features">Outputs.</param>
/// <param name="Bias">Whether a bias is added; left out where batch normalisation follows.</param>
public sealed record Linear(int Features, bool Bias = true) : Layer
{
    /// <summary>Deviation of the first weights under <see cref="WeightInit.TruncatedNormal"/>; null leaves it to that.</summary>
    public double? InitialDeviation { get; init; }

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) =>
        inputs[0].IsVector
            ? Shape.Vector(Features)
            : throw new NetworkException(
                $"input {inputs[0]} is no vector; a Flatten or a GlobalAvgPool must come before {Features} outputs"
            );

    /// <inheritdoc/>
    public override IReadOnlyList<WeightSpec> Weights(Shape input)
    {
        var kernel = new WeightSpec("weight", [Features, input.Channels], WeightRole.Kernel);
        return Bias ? [kernel, new WeightSpec("bias", [Features], WeightRole.Bias)] : [kernel];
    }

    /// <inheritdoc/>
    public override long Macs(Shape input, Shape output) => (long)Features * input.Channels;
}
