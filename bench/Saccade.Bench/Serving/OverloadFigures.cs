using Saccade.Bench.Load;

namespace Saccade.Bench.Serving;

/// <summary>One round of overload on the service's own cores.</summary>
/// <param name="Peak">The closed loop's throughput there, requests a second.</param>
/// <param name="ServiceCores">How many the service had.</param>
/// <param name="Stretches">By multiple of the peak.</param>
internal sealed record OverloadFigures(double Peak, int ServiceCores, IReadOnlyList<OpenStretch> Stretches);
