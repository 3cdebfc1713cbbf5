namespace Saccade.Training.Networks.Layers;

/// <summary>One tensor that a layer owns.</summary>
/// <param name="Name">Name in the layer, such as <c>weight</c>, or in the network, such as <c>conv1.conv.weight</c>.</param>
/// <param name="Shape">Sizes by axis; empty for a scalar.</param>
/// <param name="Role">What it is for.</param>
public sealed record WeightSpec(string Name, IReadOnlyList<long> Shape, WeightRole Role)
{
    /// <summary>Number of values.</summary>
    public long Count => Shape.Aggregate(1L, (count, size) => count * size);

    /// <summary>Whether training changes it by its gradient (the others are statistics).</summary>
    public bool Trainable => Role is WeightRole.Kernel or WeightRole.Bias or WeightRole.Scale or WeightRole.Shift;
}
