using System.Text.Json.Serialization;
using Saccade.Inference.Cropping;
using Saccade.Inference.Looks;

namespace Saccade.Inference.Models;

/// <summary>
/// <c>manifest.json</c>: everything a model needs beside its graph. Training writes it, serving reads it, so that
/// preprocessing and labels cannot drift apart (docs/model-bundle.md).
/// </summary>
public sealed record ModelManifest
{
    /// <summary>The manifest format this code writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Format of this file.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>What the network is.</summary>
    public required ManifestArchitecture Architecture { get; init; }

    /// <summary>Number format of the weights.</summary>
    /// <value>The default is <see cref="Precision.Fp32"/>.</value>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>The input tensor.</summary>
    public required ManifestInput Input { get; init; }

    /// <summary>Name of the output tensor, shape [N, classes].</summary>
    public required string Output { get; init; }

    /// <summary>From a decoded picture to the input tensor.</summary>
    public required ManifestPreprocessing Preprocessing { get; init; }

    /// <summary>Class names by output index.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Measured accuracy; null when it was never measured.</summary>
    public ManifestAccuracy? Accuracy { get; init; }

    /// <summary>What makes its probabilities mean what they say; null when that was never measured.</summary>
    public ManifestCalibration? Calibration { get; init; }

    /// <summary>How <c>auto</c> looks; null means the rounds that every model has.</summary>
    public AutoPolicy? Auto { get; init; }

    /// <summary>How close the graph is to the trained network; null when the graph came from elsewhere.</summary>
    public ManifestParity? Parity { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of <c>model.onnx</c>; null means unchecked.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where the weights come from: data set, recipe, seed, command. Free text by key.</summary>
    public IReadOnlyDictionary<string, string>? Provenance { get; init; }

    /// <summary>SPDX identifier of the weights' licence.</summary>
    public string? Licence { get; init; }
}

/// <summary>The network of a bundle.</summary>
/// <param name="Name">Preset name, such as <c>googlenet-bn</c>.</param>
/// <param name="Width">Channel multiplier, 1 for the published widths.</param>
/// <param name="Parameters">Trainable parameters of the served network (side heads excluded, before folding).</param>
/// <param name="Macs">Multiply-adds for one crop (convolutions and linear layers).</param>
public sealed record ManifestArchitecture(string Name, double Width, long Parameters, long Macs);

/// <summary>Number format of a graph's weights. Input and output are what <see cref="ManifestInput"/> says and 32-bit floats, whatever this is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Precision>))]
public enum Precision
{
    /// <summary>32-bit floats.</summary>
    [JsonStringEnumMemberName("fp32")]
    Fp32,

    /// <summary>16-bit floats.</summary>
    [JsonStringEnumMemberName("fp16")]
    Fp16,

    /// <summary>8-bit integers with a scale for each output channel; activations too.</summary>
    [JsonStringEnumMemberName("int8")]
    Int8,
}

/// <summary>The input tensor.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Layout">Axis order.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
public sealed record ManifestInput(string Name, InputType Type, InputLayout Layout, int Height, int Width);

/// <summary>Element type of the input tensor.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InputType>))]
public enum InputType
{
    /// <summary>Normalised 32-bit floats.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>Raw 0…255 pixels; the graph normalises.</summary>
    [JsonStringEnumMemberName("uint8")]
    UInt8,
}

/// <summary>Axis order of the input tensor. There are always three colour channels.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InputLayout>))]
public enum InputLayout
{
    /// <summary>Batch, channel, row, column.</summary>
    [JsonStringEnumMemberName("NCHW")]
    Nchw,

    /// <summary>Batch, row, column, channel.</summary>
    [JsonStringEnumMemberName("NHWC")]
    Nhwc,
}

/// <summary>From a decoded picture to the input tensor: resize, crop, then (pixel / 255 × <paramref name="Scale"/> − mean) / std.</summary>
/// <param name="ResizeShorterSide">
/// The shorter side is resized to this many pixels (aspect kept), then the centre is cropped. Equal to the input size means that the
/// centre square of the whole picture is seen.
/// </param>
/// <param name="MultiCropShorterSide">The same for ten crops; must leave room to look around, so larger than the input.</param>
/// <param name="Interpolation">Antialiased filter of the resize.</param>
/// <param name="ChannelOrder">Order of the colours in the tensor.</param>
/// <param name="Scale">What 1.0 of white becomes before mean and std: 1 for torchvision and Keras, 255 for Caffe.</param>
/// <param name="Mean">Subtracted, one per channel in tensor order.</param>
/// <param name="Std">Divided by, one per channel in tensor order.</param>
public sealed record ManifestPreprocessing(
    int ResizeShorterSide,
    int MultiCropShorterSide,
    Interpolation Interpolation,
    ChannelOrder ChannelOrder,
    float Scale,
    IReadOnlyList<float> Mean,
    IReadOnlyList<float> Std)
{
    /// <summary>Plans of several crops that this model is to be asked for, by their number; they go before those that every model has.</summary>
    public IReadOnlyDictionary<string, CropPlanSpec>? CropPlans { get; init; }
}

/// <summary>Resampling filters, as Pillow defines them (antialiased when shrinking).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Interpolation>))]
public enum Interpolation
{
    /// <summary>Triangle, support 1.</summary>
    [JsonStringEnumMemberName("bilinear")]
    Bilinear,

    /// <summary>Cubic with a = −0.5, support 2.</summary>
    [JsonStringEnumMemberName("bicubic")]
    Bicubic,
}

/// <summary>Order of the colours in the tensor.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChannelOrder>))]
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    [JsonStringEnumMemberName("RGB")]
    Rgb,

    /// <summary>Blue, green, red (Caffe).</summary>
    [JsonStringEnumMemberName("BGR")]
    Bgr,
}

/// <summary>Accuracy measured through ONNX Runtime with this bundle's own preprocessing.</summary>
/// <param name="DataSet">What was measured on, with the split said in words.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Top1ByCrops">Fraction of images whose best label is right, by crop count ("1", "10").</param>
public sealed record ManifestAccuracy(string DataSet, int Images, IReadOnlyDictionary<string, double> Top1ByCrops);

/// <summary>The exported graph against the trained network, on the same tensors.</summary>
/// <param name="MaxAbsLogitDifference">Largest absolute difference of a logit.</param>
/// <param name="Images">Number of images compared.</param>
/// <param name="Top1Agreement">
/// Share of <paramref name="Top1Images"/> for which both name the same class first, 0 to 1; null for 32-bit floats, which agree to the digit.
/// </param>
/// <param name="Top1Images">Number of images whose first class was compared.</param>
/// <param name="Probe">What the trained network answers to pictures that anyone can make again; null where it was not kept.</param>
public sealed record ManifestParity(
    double MaxAbsLogitDifference, int Images, double? Top1Agreement = null, int? Top1Images = null, ManifestProbe? Probe = null);

/// <summary>The trained network's logits for the first pictures of a fixed noise, so that a bundle can be proved from its files alone.</summary>
/// <param name="Pictures">How many.</param>
/// <param name="Logits">[pictures, classes], 32-bit floats, row-major, little-endian, as base64.</param>
public sealed record ManifestProbe(int Pictures, byte[] Logits);
