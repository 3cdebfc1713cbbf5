using Saccade.Inference.Bundles;

namespace Saccade.Training.Onnx;

/// <summary>In what form a network leaves.</summary>
/// <param name="Precision">Number format of the weights.</param>
/// <param name="Input">Normalised 32-bit floats [N, 3, H, W], or pixels [N, H, W, 3] that the graph normalises.</param>
/// <param name="Features">Whether the layer before the classifier is an output too.</param>
public sealed record ExportFormat(Precision Precision = Precision.Fp32, InputType Input = InputType.Float32, bool Features = false)
{
    /// <summary>Axis order of the input.</summary>
    public InputLayout Layout => Input == InputType.UInt8 ? InputLayout.Nhwc : InputLayout.Nchw;
}
