namespace Saccade.Api.OpenInference;

/// <summary>Who is to answer a request to infer, and when.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Version">Its version; null means the default one.</param>
/// <param name="ArrivedAt">Timestamp at which the request arrived.</param>
/// <param name="Deadline">Time allowed from there to the answer; null means the configured default.</param>
/// <param name="Priority">Larger is more urgent; 0 is normal.</param>
internal sealed record InferCall(string Model, string? Version, long ArrivedAt, TimeSpan? Deadline, int Priority);
