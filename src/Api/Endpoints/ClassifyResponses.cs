using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Api.Requests;
using Saccade.Inference;

namespace Saccade.Api.Endpoints;

/// <summary>From the engine's answer to the wire's.</summary>
internal static class ClassifyResponses
{
    private const int ProbabilityDecimals = 6;

    public static ClassifyResponse Of(Classification answer, string id) => new(
        id,
        answer.Model,
        answer.Version,
        new(answer.CropsRequested.ToString(), answer.CropsUsed, answer.StopReason),
        answer.Members,
        [.. answer.Predictions.Select(p => new PredictionBody(p.Label, p.Index, Math.Round(p.Probability, ProbabilityDecimals)))],
        Of(answer.Timings))
    {
        Missing = answer.Missing.Count == 0
            ? null
            : [.. answer.Missing.Select(member => new MissingMemberBody(member.Name, FailureResponses.For(member.Reason).Code))],
    };

    private static TimingsBody Of(StageTimings timings) => new(
        ServerTiming.Milliseconds(timings.Total),
        ServerTiming.Milliseconds(timings.Decode),
        ServerTiming.Milliseconds(timings.Preprocess),
        ServerTiming.Milliseconds(timings.Queue),
        ServerTiming.Milliseconds(timings.Inference),
        timings.BatchSize);
}
