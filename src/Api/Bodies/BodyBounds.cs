namespace Saccade.Api.Bodies;

/// <summary>How much body a route accepts.</summary>
/// <param name="MaxBytes">Longest body, framing included.</param>
/// <param name="MaxImages">Most images; above 1 only multipart can carry them.</param>
internal readonly record struct BodyBounds(long MaxBytes, int MaxImages);
