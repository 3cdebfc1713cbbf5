using Saccade.Inference.Bundles;

namespace Saccade.Inference.Tensors;

/// <summary>What goes into a network and what comes out, for one crop. Shapes are without the batch axis.</summary>
/// <param name="InputName">Name of the input tensor.</param>
/// <param name="InputType">Its element type.</param>
/// <param name="InputShape">[3, height, width] or [height, width, 3].</param>
/// <param name="OutputName">Name of the output tensor.</param>
/// <param name="OutputShape">[classes], or [classes, 1, 1].</param>
/// <param name="FixedBatch">Rows that the graph insists on; null when the batch axis is free.</param>
/// <param name="Probabilities">Whether the output has been through a softmax already.</param>
public sealed record TensorLayout(
    string InputName,
    InputType InputType,
    IReadOnlyList<long> InputShape,
    string OutputName,
    IReadOnlyList<long> OutputShape,
    int? FixedBatch,
    bool Probabilities = false
)
{
    /// <summary>Numbers in the output of one crop.</summary>
    public int Classes { get; } = (int)OutputShape.Aggregate(1L, (product, side) => product * side);

    /// <summary>Bytes of one crop's input.</summary>
    public int CropBytes { get; } =
        (int)InputShape.Aggregate(1L, (product, side) => product * side) * (InputType == InputType.Float32 ? sizeof(float) : 1);
}
