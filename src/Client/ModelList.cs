namespace Saccade.Client;

/// <summary>What a service serves.</summary>
/// <param name="Ready">Whether the service as a whole is ready.</param>
/// <param name="Limits">What a request may ask for.</param>
/// <param name="Models">By name.</param>
/// <param name="DefaultModel">The model that answers when a request names none; null if there is no model at all.</param>
public sealed record ModelList(bool Ready, RequestLimits Limits, IReadOnlyList<Model> Models, string? DefaultModel = null);

/// <summary>What a request may ask for.</summary>
/// <param name="MaxBodyBytes">Longest image file.</param>
/// <param name="MaxImagePixels">Most pixels of an image.</param>
/// <param name="MaxImageSide">Most pixels along either side.</param>
/// <param name="DefaultDeadlineMs">Time for a request that names no deadline.</param>
/// <param name="MaxDeadlineMs">Longest deadline.</param>
public sealed record RequestLimits(long MaxBodyBytes, int MaxImagePixels, int MaxImageSide, double DefaultDeadlineMs, double MaxDeadlineMs);

/// <summary>A model or an ensemble.</summary>
/// <param name="Name">Name to ask for.</param>
/// <param name="Versions">All versions found.</param>
/// <param name="DefaultVersion">The version that answers when a request names none; null if none is served.</param>
public sealed record Model(string Name, IReadOnlyList<ModelVersion> Versions, string? DefaultVersion = null);

/// <summary>A version of a model.</summary>
/// <param name="Version">Version to ask for.</param>
/// <param name="State"><c>loading</c>, <c>ready</c>, <c>degraded</c> (it still answers), <c>failed</c>, <c>draining</c> or
/// <c>unloaded</c>.</param>
/// <param name="Architecture">The network, or <c>ensemble</c>; null if unknown.</param>
/// <param name="Classes">Number of labels; null if unknown.</param>
/// <param name="Error">Why it is not served or, while it serves as it was loaded before, why its folder's present content is refused; null
/// if all is well.</param>
public sealed record ModelVersion(string Version, string State, string? Architecture = null, int? Classes = null, string? Error = null);
