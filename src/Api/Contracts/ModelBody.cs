using Saccade.Inference.Bundles;
using Saccade.Inference.Models;

namespace Saccade.Api.Contracts;

/// <summary>The answer to <c>GET /models/{name}</c>.</summary>
/// <param name="Name">Name to ask for.</param>
/// <param name="IsDefault">Whether it answers when a request names no model.</param>
/// <param name="JpegDecoder">What decodes JPEG here.</param>
/// <param name="Versions">All versions found.</param>
internal sealed record ModelBody(string Name, bool IsDefault, string JpegDecoder, IReadOnlyList<VersionBody> Versions);

/// <summary>One version in full.</summary>
internal sealed record VersionBody
{
    /// <summary>Version to ask for.</summary>
    public required string Version { get; init; }

    /// <summary>Whether it answers when a request names no version.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required ModelState State { get; init; }

    /// <summary>Why it is not served.</summary>
    public string? Error { get; init; }

    /// <summary>What runs it, such as <c>CPU</c> or <c>CUDA 0</c>.</summary>
    public string? Provider { get; init; }

    /// <summary>Its sessions.</summary>
    public required SessionsBody Sessions { get; init; }

    /// <summary>Its queue.</summary>
    public required QueueBody Queue { get; init; }

    /// <summary>Most crops in one run.</summary>
    public int? MaxBatchSize { get; init; }

    /// <summary>Most crops that are put into one run because larger ones measured no faster.</summary>
    public int? PreferredBatchSize { get; init; }

    /// <summary>What it can be asked for with the parameter <c>crops</c>.</summary>
    public IReadOnlyList<string>? Crops { get; init; }

    /// <summary>Who answers for an ensemble; absent for a model.</summary>
    public IReadOnlyList<MemberBody>? Members { get; init; }

    /// <summary>What an ensemble does when a member cannot answer: <c>refuse</c> the request, or <c>answer</c> without it.</summary>
    public WhenMissing? WhenMissing { get; init; }

    /// <summary>The network.</summary>
    public ManifestArchitecture? Architecture { get; init; }

    /// <summary>Number format of what is served: the floats of a bundle of integers where the machine is slow at those.</summary>
    public Precision? Precision { get; init; }

    /// <summary>The input tensor.</summary>
    public ManifestInput? Input { get; init; }

    /// <summary>What turns the output into probabilities; absent while it is not loaded, and for an ensemble.</summary>
    public Activation? Activation { get; init; }

    /// <summary>The probability from which on a label is selected, 0 to 1; absent where the classes exclude each other.</summary>
    public double? Threshold { get; init; }

    /// <summary>The output of the layer before the classifier, which <c>/embed</c> answers with; absent if the graph has none.</summary>
    public ManifestFeatures? Features { get; init; }

    /// <summary>From an image to the input tensor.</summary>
    public ManifestPreprocessing? Preprocessing { get; init; }

    /// <summary>Measured accuracy.</summary>
    public ManifestAccuracy? Accuracy { get; init; }

    /// <summary>The temperature that makes its probabilities mean what they say, and the error with and without.</summary>
    public TemperatureScaling? TemperatureScaling { get; init; }

    /// <summary>The rounds of <c>auto</c>, and the confidence that ends each.</summary>
    public EarlyExitPolicy? EarlyExit { get; init; }

    /// <summary>The exported graph against the trained network.</summary>
    public ManifestParity? Parity { get; init; }

    /// <summary>Fields of the manifest that the bundle does not give, such as <c>preprocessing.mean</c>: here is what its graph tells, or
    /// what is usual. Absent if it gives all.</summary>
    public IReadOnlyList<string>? Assumed { get; init; }

    /// <summary>What Triton's <c>config.pbtxt</c> asks for and this service does without; absent if there is nothing such.</summary>
    public IReadOnlyList<string>? Ignored { get; init; }

    /// <summary>SHA-256 of the graph.</summary>
    public string? Sha256 { get; init; }

    /// <summary>SPDX identifier of the weights' licence.</summary>
    public string? Licence { get; init; }

    /// <summary>Class names by index.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
}

/// <summary>A member of an ensemble.</summary>
/// <param name="Name">What it is called in answers.</param>
/// <param name="Version">The version that answers at the moment; absent if none does.</param>
/// <param name="Weight">How much its answer counts beside the others'.</param>
/// <param name="State">Where it is in its life; failed if it is not there.</param>
internal sealed record MemberBody(string Name, string? Version, double Weight, ModelState State);

/// <summary>The runs that a version can make at once.</summary>
/// <param name="Total">Possible at once.</param>
/// <param name="Busy">Of those, running now.</param>
/// <param name="Healthy">Of those, able to run.</param>
internal sealed record SessionsBody(int Total, int Busy, int Healthy);

/// <summary>The queue of a version.</summary>
/// <param name="Depth">Crops waiting.</param>
/// <param name="Capacity">Most crops that may wait.</param>
internal sealed record QueueBody(int Depth, int Capacity);
