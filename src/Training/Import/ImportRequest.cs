using Saccade.Training.Data;
using Saccade.Training.Onnx;

namespace Saccade.Training.Import;

/// <summary>What is to be imported, and how.</summary>
/// <param name="Architecture">Preset.</param>
/// <param name="Weights">The file.</param>
public sealed record ImportRequest(string Architecture, string Weights)
{
    /// <summary>File of class names; null takes ImageNet's where there are 1000 classes, numbers otherwise.</summary>
    public string? Labels { get; init; }

    /// <summary>How images were prepared; null takes the custom of the file's origin.</summary>
    public PreprocessingKind? Preprocess { get; init; }

    /// <summary>Mean of each channel, in its order and scale; null takes that of <see cref="Preprocess"/>.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>Deviation of each channel, above 0; null takes that of <see cref="Preprocess"/>.</summary>
    public IReadOnlyList<float>? Std { get; init; }

    /// <summary>Which dictionary of a checkpoint to take, such as <c>state_dict_ema</c>; null takes the likeliest.</summary>
    public string? State { get; init; }

    /// <summary>Whether torchvision's weights were trained with its <c>transform_input</c>; without a meaning for others.</summary>
    /// <value>The default is true: what torchvision publishes for GoogLeNet and Inception-v3 was.</value>
    public bool TransformInput { get; init; } = true;

    /// <summary>Outputs; null takes as many as the file has.</summary>
    public int? Classes { get; init; }

    /// <summary>Rows and columns of the input; null takes the file's, or the published size.</summary>
    public int? Input { get; init; }

    /// <summary>In what form it leaves.</summary>
    public ExportFormat Format { get; init; } = new();

    /// <summary>Images that activation ranges of 8-bit integers are measured on; null where none are wanted.</summary>
    public ActivationRangeImages? RangeImages { get; init; }

    /// <summary>SPDX identifier of the weights' licence; null leaves it open.</summary>
    public string? Licence { get; init; }
}
