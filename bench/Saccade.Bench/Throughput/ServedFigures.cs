using Saccade.Bench.Load;

namespace Saccade.Bench.Throughput;

/// <summary>One stretch of load on the service.</summary>
/// <param name="Load">What the clients saw.</param>
/// <param name="ServiceMsPerRequest">Processor time of the service per request, all threads.</param>
/// <param name="LoadShare">Part of the machine that the load generator took, 0…1.</param>
internal sealed record ServedFigures(LoadResult Load, double ServiceMsPerRequest, double LoadShare);
