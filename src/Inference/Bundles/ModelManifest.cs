namespace Saccade.Inference.Bundles;

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

    /// <summary>What turns the output into probabilities; null means <see cref="Bundles.Activation.Softmax"/>.</summary>
    public Activation? Activation { get; init; }

    /// <summary>
    /// The probability from which on a label is selected, 0 to 1, where labels do not exclude each other; null with a softmax, and 0.5 with
    /// a sigmoid that has none. A served model's manifest has it exactly if each of its labels is decided on its own.
    /// </summary>
    public double? Threshold { get; init; }

    /// <summary>The layer before the classifier as a second output; null where the graph has none.</summary>
    public ManifestFeatures? Features { get; init; }

    /// <summary>From a decoded image to the input tensor.</summary>
    public required ManifestPreprocessing Preprocessing { get; init; }

    /// <summary>Class names by output index.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Measured accuracy; null when it was never measured.</summary>
    public ManifestAccuracy? Accuracy { get; init; }

    /// <summary>What makes its probabilities mean what they say; null when that was never measured.</summary>
    public TemperatureScaling? TemperatureScaling { get; init; }

    /// <summary>The rounds of <c>auto</c>; null means those that every model has.</summary>
    public EarlyExitPolicy? EarlyExit { get; init; }

    /// <summary>How close the graph is to the trained network; null when the graph came from elsewhere.</summary>
    public ManifestParity? Parity { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of <c>model.onnx</c>; null means unchecked.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where the weights come from: data set, recipe, seed, command. Free text by key.</summary>
    public IReadOnlyDictionary<string, string>? Provenance { get; init; }

    /// <summary>SPDX identifier of the weights' licence.</summary>
    public string? Licence { get; init; }
}
