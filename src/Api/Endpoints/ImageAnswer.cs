using Saccade.Api.Errors;
using Saccade.Inference;

namespace Saccade.Api.Endpoints;

/// <summary>What became of one image: exactly one of the first two is set.</summary>
/// <typeparam name="T">What is answered.</typeparam>
/// <param name="Response">The answer.</param>
/// <param name="Refusal">Why there is none.</param>
/// <param name="Timings">What the engine measured; null if the image never got there.</param>
internal sealed record ImageAnswer<T>(T? Response, Refusal? Refusal, StageTimings? Timings)
    where T : class
{
    /// <summary>Where the answer came from; null if it was computed.</summary>
    public CacheUse? Cached { get; init; }

    /// <summary>How long it had been kept; null if it had not.</summary>
    public TimeSpan? Age { get; init; }
}
