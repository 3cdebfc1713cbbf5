using Saccade.Bench.Load;

namespace Saccade.Bench.Serving;

/// <summary>One stretch of load on a server.</summary>
/// <param name="Load">What the clients saw.</param>
/// <param name="ServiceMsPerRequest">Processor time of the server per request, all threads.</param>
/// <param name="LoadShare">Part of the machine that the load generator took, 0…1.</param>
/// <param name="BytesPerRequest">Managed memory that the service allocated per request; NaN where it does not say.</param>
internal sealed record ServedFigures(LoadResult Load, double ServiceMsPerRequest, double LoadShare, double BytesPerRequest)
{
    /// <summary>The stretch of one concurrency.</summary>
    public static ServedFigures? At(int clients, IEnumerable<ServedFigures> stretches) =>
        stretches.FirstOrDefault(stretch => stretch.Load.Clients == clients);
}
