using Saccade.Inference;

namespace Saccade.Api.Contracts;

/// <summary>The answer to <c>POST /embed</c>.</summary>
/// <param name="Id">The value of the <c>X-Request-Id</c> header.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Version">Its version: embeddings of two versions cannot be compared.</param>
/// <param name="Crops">How many crops of the image were asked for and run.</param>
/// <param name="Size">Numbers in the embedding.</param>
/// <param name="Normalised">Whether the embedding was divided by its length.</param>
/// <param name="Embedding">Mean of the crops' features.</param>
/// <param name="Timings">Where the time went.</param>
internal sealed record EmbedResponse(
    string Id,
    string Model,
    string Version,
    CropsBody Crops,
    int Size,
    bool Normalised,
    IReadOnlyList<float> Embedding,
    TimingsBody Timings
)
{
    /// <summary>Where the answer came from; absent if it was computed for this request.</summary>
    public CacheUse? Cached { get; init; }
}
