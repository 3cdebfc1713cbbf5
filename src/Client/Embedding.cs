using System.Text.Json.Serialization;

namespace Saccade.Client;

/// <summary>The vector of an image.</summary>
/// <param name="Id">The request's id, which the service's log and traces have too.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Version">Its version: vectors of two versions cannot be compared.</param>
/// <param name="Crops">How many crops of the image were asked for and computed.</param>
/// <param name="Normalised">Whether the vector was divided by its length.</param>
/// <param name="Vector">Mean of the crops' features.</param>
/// <param name="Timings">Where the service's time went.</param>
/// <param name="Cached"><c>hit</c> or <c>shared</c> if it was not computed for this request, as
/// <see cref="Classification.Cached"/>.</param>
public sealed record Embedding(
    string Id,
    string Model,
    string Version,
    Crops Crops,
    bool Normalised,
    [property: JsonPropertyName("embedding")] float[] Vector,
    Timings Timings,
    string? Cached = null
);
