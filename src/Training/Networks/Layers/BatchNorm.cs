namespace Saccade.Training.Networks.Layers;

/// <summary>Batch normalisation over batch, rows and columns (Ioffe and Szegedy 2015).</summary>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">
/// Share of the new batch in the running averages (TensorFlow's decay is 1 minus this).
/// </param>
/// <param name="Scale">Whether γ is learnt; it is 1 otherwise. β always is.</param>
public sealed record BatchNorm(double Epsilon, double Momentum = 0.1, bool Scale = true) : Layer
{
    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => inputs[0];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightSpec> Weights(Shape input) =>
        [
            new("weight", [input.Channels], Scale ? WeightRole.Scale : WeightRole.FixedScale),
            new("bias", [input.Channels], WeightRole.Shift),
            new("running_mean", [input.Channels], WeightRole.RunningMean),
            new("running_var", [input.Channels], WeightRole.RunningVariance),
            new("num_batches_tracked", [], WeightRole.BatchCount),
        ];
}
