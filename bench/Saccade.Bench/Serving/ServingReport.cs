using Saccade.Bench.Ceiling;
using Saccade.Bench.Load;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Serving;

/// <summary>Everything one measurement found.</summary>
/// <param name="Manifest">The model.</param>
/// <param name="ImageBytes">Size of the encoded image.</param>
/// <param name="Sweep">Short measurements of every way to drive ONNX Runtime.</param>
/// <param name="Best">The layout that the rounds' ceilings are measured with.</param>
/// <param name="Costs">Decode and preprocess alone.</param>
/// <param name="Rounds">Everything in turns.</param>
internal sealed record ServingReport(
    ModelManifest Manifest,
    int ImageBytes,
    IReadOnlyList<SweepCell> Sweep,
    RuntimeLayout Best,
    StageCosts Costs,
    IReadOnlyList<ServingRound> Rounds
)
{
    /// <summary>Name of the service among its peers.</summary>
    public const string Own = "Saccade";

    /// <summary>Concurrency levels measured.</summary>
    public IReadOnlyList<int> Clients => [.. Rounds[0].Closed.Select(served => served.Load.Clients)];

    /// <summary>The open loop by rate, the rounds thrown together.</summary>
    public IReadOnlyList<OpenResult> Open => Pooled(round => round.Open);

    /// <summary>The overload by rate, the rounds thrown together.</summary>
    public IReadOnlyList<OpenResult> Overload => Pooled(round => [.. (round.Overload?.Stretches ?? []).Select(stretch => stretch.Load)]);

    /// <summary>The service, further bundles and peers, each with its stretches of all rounds.</summary>
    public IReadOnlyList<Contestant> Contestants =>
        [new(Own, [.. Rounds.SelectMany(round => round.Closed)]), .. Joined(round => round.Also), .. Joined(round => round.Peers)];

    /// <summary>Names of the peers.</summary>
    public IReadOnlyList<string> PeerNames => [.. Rounds[0].Peers.Select(peer => peer.Name)];

    /// <summary>The median of a figure over the rounds.</summary>
    public double Median(Func<ServingRound, double> figure) => Bench.Median.Of(Rounds.Select(figure));

    /// <summary>The median of a figure over a contestant's stretches of one concurrency; NaN without one.</summary>
    public static double MedianAt(Contestant contestant, int clients, Func<ServedFigures, double> figure) =>
        Bench.Median.Of(contestant.Stretches.Where(stretch => stretch.Load.Clients == clients).Select(figure));

    private IReadOnlyList<OpenResult> Pooled(Func<ServingRound, IReadOnlyList<OpenStretch>> part) =>
        [
            .. Rounds
                .SelectMany(part)
                .GroupBy(stretch => stretch.Share)
                .OrderBy(group => group.Key)
                .Select(group => OpenResult.Of([.. group])),
        ];

    private IEnumerable<Contestant> Joined(Func<ServingRound, IReadOnlyList<Contestant>> part) =>
        Rounds
            .SelectMany(part)
            .GroupBy(contestant => contestant.Name, StringComparer.Ordinal)
            .Select(group => new Contestant(group.Key, [.. group.SelectMany(contestant => contestant.Stretches)], group.First().Absent));
}
