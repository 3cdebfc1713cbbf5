namespace Saccade.Training.Networks.Layers;

/// <summary>Fully connected layer with bias, on a vector of features.</summary>
/// <param name="Features">Outputs.</param>
public sealed record Linear(int Features) : Layer
{
    /// <summary>Deviation of the first weights under <see cref="WeightInit.TruncatedNormal"/>; null leaves it to that.</summary>
    public double? InitialDeviation { get; init; }

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) =>
        inputs[0].IsVector
            ? Shape.Vector(Features)
            : throw new NetworkException($"input {inputs[0]} is no vector; a Flatten or a GlobalAvgPool must come before {Features} outputs");

    /// <inheritdoc/>
    public override IReadOnlyList<WeightSpec> Weights(Shape input) =>
    [
        new("weight", [Features, input.Channels], WeightRole.Kernel),
        new("bias", [Features], WeightRole.Bias),
    ];

    /// <inheritdoc/>
    public override long Macs(Shape input, Shape output) => (long)Features * input.Channels;
}
