using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Inference;

namespace Saccade.Api.Endpoints;

/// <summary>What became of one image: exactly one of the first two is set.</summary>
/// <param name="Response">The labels.</param>
/// <param name="Refusal">Why there are none.</param>
/// <param name="Timings">What the engine measured; null if the image never got there.</param>
internal sealed record ImageAnswer(ClassifyResponse? Response, Refusal? Refusal, StageTimings? Timings);
