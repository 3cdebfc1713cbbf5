namespace Saccade.Inference.Telemetry;

/// <summary>The state of one version of a model at the moment of a collection.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Queued">Crops that wait.</param>
/// <param name="Wait">Predicted time until a crop that came now, behind all others, would be answered.</param>
/// <param name="Busy">Runs under way.</param>
/// <param name="Healthy">Runs possible at once.</param>
/// <param name="Total">Runs that should be possible at once.</param>
internal readonly record struct ModelGauges(string Model, string Version, int Queued, TimeSpan Wait, int Busy, int Healthy, int Total);
