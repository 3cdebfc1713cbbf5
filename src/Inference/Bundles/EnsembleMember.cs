using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>A member of an ensemble.</summary>
/// <param name="Model">Name of a served model.</param>
/// <param name="Version">Its version; null means the one that is served by default, whichever that is at the moment.</param>
/// <param name="Weight">How much its answer counts beside the others', positive.</param>
public sealed record EnsembleMember(
    string Model,
    [property: JsonConverter(typeof(VersionConverter))] string? Version = null,
    double Weight = 1
);
