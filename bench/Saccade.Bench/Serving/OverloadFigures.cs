using Saccade.Bench.Load;

namespace Saccade.Bench.Serving;

/// <summary>One round of overload on the service's own cores.</summary>
/// <param name="ServiceCores">How many the service had.</param>
/// <param name="Stretches">By multiple of the peak.</param>
internal sealed record OverloadFigures(int ServiceCores, IReadOnlyList<OverloadStretch> Stretches);

/// <summary>One rate, right after the peak that it is compared with: a machine drifts.</summary>
/// <param name="Peak">The closed loop's throughput just before, requests a second.</param>
/// <param name="Load">What became of the requests.</param>
internal sealed record OverloadStretch(double Peak, OpenStretch Load)
{
    /// <summary>Goodput as a part of the peak.</summary>
    public double Ratio => Load.Goodput / Peak;
}
