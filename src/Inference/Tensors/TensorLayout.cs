using Saccade.Inference.Bundles;

namespace Saccade.Inference.Tensors;

/// <summary>What goes into a network and what comes out, for one crop. Shapes are without the batch axis.</summary>
/// <param name="InputName">Name of the input tensor.</param>
/// <param name="InputType">Its element type.</param>
/// <param name="InputShape">[3, height, width] or [height, width, 3].</param>
/// <param name="OutputName">Name of the output tensor.</param>
/// <param name="OutputShape">[classes], or [classes, 1, 1].</param>
/// <param name="FixedBatch">Rows that the graph insists on; null when the batch axis is free.</param>
/// <param name="Probabilities">Whether the output has been through a softmax already; false where it has been through a sigmoid.</param>
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
    public int Classes { get; } = Count(OutputShape);

    /// <summary>Bytes of one crop's input.</summary>
    public int CropBytes { get; } = Count(InputShape) * (InputType == InputType.Float32 ? sizeof(float) : 1);

    /// <summary>The layer before the classifier; null where the graph does not give it.</summary>
    public FeaturesLayout? Features { get; init; }

    /// <summary>Numbers in the features of one crop; 0 where there are none.</summary>
    public int FeaturesSize => Features is { } features ? Count(features.Shape) : 0;

    private static int Count(IReadOnlyList<long> shape) => (int)shape.Aggregate(1L, (product, side) => product * side);
}

/// <summary>The output of the layer before the classifier.</summary>
/// <param name="Name">Of the tensor.</param>
/// <param name="Shape">[size], or [size, 1, 1].</param>
public sealed record FeaturesLayout(string Name, IReadOnlyList<long> Shape);
