namespace Saccade.Training.Networks.Layers;

/// <summary>
/// Local response normalisation across channels: x / (<paramref name="Bias"/> + <paramref name="Alpha"/>/<paramref name="Size"/> ·
/// Σx²)^<paramref name="Beta"/>, the sum over <paramref name="Size"/> neighbouring channels. The defaults are Caffe's for GoogLeNet; the
/// paper prints no values.
/// </summary>
/// <param name="Size">Neighbouring channels, the own one in the middle, so an odd number.</param>
/// <param name="Alpha">Weight of the squares; divided by the size, as in Caffe, Torch and ONNX, but not in TensorFlow.</param>
/// <param name="Beta">Exponent.</param>
/// <param name="Bias">Constant term.</param>
public sealed record Lrn(int Size = 5, double Alpha = 1e-4, double Beta = 0.75, double Bias = 1) : Layer
{
    /// <inheritdoc/>
    public override string Detail => $"{Size} channels";

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) =>
        Size % 2 == 1
            ? inputs[0]
            : throw new NetworkException($"an even size {Size} has no middle on input {inputs[0]}, and implementations differ about it");
}
