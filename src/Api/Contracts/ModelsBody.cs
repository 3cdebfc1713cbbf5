using Saccade.Inference.Models;

namespace Saccade.Api.Contracts;

/// <summary>The answer to <c>GET /models</c>.</summary>
/// <param name="DefaultModel">The model that answers when a request names none; null if there is no model at all.</param>
/// <param name="Ready">Whether the service as a whole is ready.</param>
/// <param name="JpegDecoder">What decodes JPEG here.</param>
/// <param name="Limits">What a request may ask for.</param>
/// <param name="Models">By name.</param>
internal sealed record ModelsBody(
    string? DefaultModel,
    bool Ready,
    string JpegDecoder,
    RequestLimitsBody Limits,
    IReadOnlyList<ModelSummaryBody> Models
);

/// <summary>What a request may ask for, as configured.</summary>
/// <param name="MaxBodyBytes">Longest body of <c>/classify</c>.</param>
/// <param name="MaxBatchBodyBytes">Longest body of <c>/classify/batch</c>.</param>
/// <param name="MaxImagesPerBatch">Most images in a batch.</param>
/// <param name="MaxImagePixels">Most pixels of an image.</param>
/// <param name="MaxImageSide">Most pixels along either side.</param>
/// <param name="DefaultDeadlineMs">Time for a request that names none.</param>
/// <param name="MaxDeadlineMs">Longest time a request may name.</param>
internal sealed record RequestLimitsBody(
    long MaxBodyBytes,
    long MaxBatchBodyBytes,
    int MaxImagesPerBatch,
    int MaxImagePixels,
    int MaxImageSide,
    double DefaultDeadlineMs,
    double MaxDeadlineMs
);

/// <summary>A model in the list.</summary>
/// <param name="Name">Name to ask for.</param>
/// <param name="DefaultVersion">The version that answers when a request names none; null if none is served.</param>
/// <param name="Versions">All versions found.</param>
internal sealed record ModelSummaryBody(string Name, string? DefaultVersion, IReadOnlyList<VersionSummaryBody> Versions);

/// <summary>A version in the list.</summary>
/// <param name="Version">Version to ask for.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Architecture">The network, or <c>ensemble</c>; null if unknown.</param>
/// <param name="Classes">Number of labels; null if unknown.</param>
/// <param name="Error">Why it is not served or, while it serves as it was loaded before, why its folder's present content is refused; null
/// if all is well.</param>
internal sealed record VersionSummaryBody(string Version, ModelState State, string? Architecture, int? Classes, string? Error);
