using Saccade.Api.Contracts;
using Saccade.Inference;
using Saccade.Inference.Aggregation;

namespace Saccade.Api.Endpoints;

/// <summary>From the engine's features to the wire's embedding.</summary>
internal static class EmbedResponses
{
    public static EmbedResponse Of(ClassifyAnswer answer, bool normalise, string id)
    {
        float[] features = [.. answer.Features];
        return new(
            id,
            answer.Model,
            answer.Version,
            new(answer.CropsRequested.ToString(), answer.CropsUsed, answer.StopReason),
            features.Length,
            normalise,
            normalise ? UnitLength.Of(features) : features,
            ClassifyResponses.Of(answer.Timings)
        )
        {
            Cached = answer.Cached,
        };
    }
}
