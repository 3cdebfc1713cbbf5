using Saccade.Bench.Ceiling;
using Saccade.Inference.Models;

namespace Saccade.Bench.Throughput;

/// <summary>Everything one measurement found.</summary>
/// <param name="Manifest">The model.</param>
/// <param name="PictureBytes">Size of the encoded picture.</param>
/// <param name="Sweep">Short looks at every way to drive ONNX Runtime.</param>
/// <param name="Best">The layout that the rounds' ceilings are measured with.</param>
/// <param name="Costs">Decode and preprocess alone.</param>
/// <param name="Rounds">Ceiling and service in turns.</param>
internal sealed record ThroughputReport(
    ModelManifest Manifest,
    int PictureBytes,
    IReadOnlyList<SweepCell> Sweep,
    RuntimeLayout Best,
    StageCosts Costs,
    IReadOnlyList<ThroughputRound> Rounds)
{
    /// <summary>Concurrency levels measured.</summary>
    public IReadOnlyList<int> Clients => [.. Rounds[0].Served.Select(served => served.Load.Clients)];

    /// <summary>The median of a figure over the rounds.</summary>
    public double Median(Func<ThroughputRound, double> figure) => Bench.Median.Of(Rounds.Select(figure));
}
