using Saccade.Bench.Load;
using Saccade.Bench.Report;

namespace Saccade.Bench.Serving;

/// <summary>What the design asks of serving, held against what was measured.</summary>
internal static class ServingTargets
{
    private const double OfCeiling = 0.95;
    private const double AddedP50Ms = 0.3;
    private const double AddedP99Ms = 1;
    private const double OpenShare = 0.85;
    private const double OverloadGoodput = 0.95;
    private const double RefusalMs = 5;
    private const double Integers = 3.0;
    private const double IntegersOfInception = 3.5;
    private const int BusyClients = 32;

    /// <summary>A row for each part that was measured.</summary>
    public static IReadOnlyList<TargetRow> Of(ServingReport report) =>
        [Ceiling(report), .. Peers(report), .. Also(report), .. Added(report), .. Open(report), .. Overload(report)];

    /// <summary>The highest rate that keeps the bound, as a part of the peak, and all lower ones do; 0 if none does.</summary>
    /// <param name="results">By ascending rate.</param>
    public static double HighestShare(IReadOnlyList<OpenResult> results) =>
        results.TakeWhile(result => result.KeepsBound).LastOrDefault()?.Share ?? 0;

    private static TargetRow Ceiling(ServingReport report)
    {
        var best = report.Clients.MaxBy(clients => report.Median(round => round.Ratio(clients)));
        var ratio = report.Median(round => round.Ratio(best));
        return new(
            "throughput against 1/(decode + raw ONNX Runtime)",
            $"≥ {Figure.Of(OfCeiling, 2)}",
            $"{Figure.Of(ratio, 3)} at {best} clients ({Figure.Of(report.Median(round => round.ProcessorRatio(best)), 3)} by processor "
                + "time)",
            ratio >= OfCeiling
        );
    }

    private static IEnumerable<TargetRow> Peers(ServingReport report)
    {
        var own = report.Contestants[0];
        foreach (
            var peer in report.Contestants.Where(contestant => report.PeerNames.Contains(contestant.Name) && contestant.Absent is null)
        )
        {
            var levels = peer
                .Stretches.Select(stretch => stretch.Load.Clients)
                .Distinct()
                .Where(clients => ServedFigures.At(clients, own.Stretches) is not null)
                .ToList();
            var rates = levels.Select(clients => Ratio(own, peer, clients, served => served.Load.RequestsPerSecond)).ToList();
            var tails = levels.Select(clients => Ratio(own, peer, clients, served => served.Load.Latency.P99)).ToList();
            yield return new(
                $"against {peer.Name}, at {string.Join(", ", levels)} clients",
                "ahead, at a lower p99",
                $"{string.Join(", ", rates.Select(rate => Figure.Of(rate, 2)))} × the throughput at "
                    + $"{string.Join(", ", tails.Select(tail => Figure.Of(tail, 2)))} × the p99",
                rates.TrueForAll(rate => rate > 1) && tails.TrueForAll(tail => tail < 1)
            );
        }
    }

    private static IEnumerable<TargetRow> Also(ServingReport report)
    {
        double Busy(Contestant contestant) => ServingReport.MedianAt(contestant, BusyClients, served => served.Load.RequestsPerSecond);
        var best = report
            .Contestants.Where(contestant => report.PeerNames.Contains(contestant.Name))
            .MaxBy(peer => double.IsNaN(Busy(peer)) ? 0 : Busy(peer));
        if (best is null || double.IsNaN(Busy(best)))
            yield break;
        foreach (var model in report.Contestants.Skip(1).Where(contestant => !report.PeerNames.Contains(contestant.Name)))
        {
            var times = Busy(model) / Busy(best);
            var wanted = report.Manifest.Architecture.Name == "inception-v3" ? IntegersOfInception : Integers;
            yield return new(
                $"{model.Name} against the best peer ({best.Name}), {BusyClients} clients",
                $"≥ {Figure.Of(wanted, 1)}",
                $"{Figure.Of(times, 2)} ×",
                times >= wanted
            );
        }
    }

    private static IEnumerable<TargetRow> Added(ServingReport report)
    {
        if (report.Rounds.Any(round => round.Empty is null))
            yield break;
        var (p50, p99) = (report.Median(round => round.Empty!.Load.Added.P50), report.Median(round => round.Empty!.Load.Added.P99));
        yield return new(
            "time the service adds at idle, the client's own included",
            $"p50 ≤ {Figure.Of(AddedP50Ms, 1)} ms, p99 ≤ {Figure.Of(AddedP99Ms, 0)} ms",
            $"p50 {Figure.Of(p50, 2)} ms, p99 {Figure.Of(p99, 2)} ms",
            p50 <= AddedP50Ms && p99 <= AddedP99Ms
        );
    }

    private static IEnumerable<TargetRow> Open(ServingReport report)
    {
        if (report.Open.Count == 0)
            yield break;
        var share = HighestShare(report.Open);
        yield return new(
            $"Poisson rate that keeps the p99 within {Figure.Of(report.Open[0].BoundMs, 0)} ms, against the peak",
            $"≥ {Figure.Of(OpenShare, 2)}",
            Figure.Of(share, 2),
            share >= OpenShare
        );
    }

    private static IEnumerable<TargetRow> Overload(ServingReport report)
    {
        foreach (var result in report.Overload)
        {
            var goodput = Median.Of(
                report
                    .Rounds.SelectMany(round => round.Overload!.Stretches)
                    .Where(stretch => stretch.Load.Share == result.Share)
                    .Select(stretch => stretch.Ratio)
            );
            var cores = report.Rounds[0].Overload!.ServiceCores;
            yield return new(
                $"goodput at {Figure.Of(result.Share, 0)} × the peak rate of {cores} core(s), against that peak",
                $"≥ {Figure.Of(OverloadGoodput, 2)}; refusals p99 ≤ {Figure.Of(RefusalMs, 0)} ms",
                $"{Figure.Of(goodput, 3)}; refusals p99 {Figure.Of(result.Refusal.P99, 1)} ms ({Figure.Of(result.Refusing.P99, 1)} ms by "
                    + "the service's clock)",
                goodput >= OverloadGoodput && result.Refusal.P99 <= RefusalMs
            );
        }
    }

    private static double Ratio(Contestant own, Contestant other, int clients, Func<ServedFigures, double> figure) =>
        ServingReport.MedianAt(own, clients, figure) / ServingReport.MedianAt(other, clients, figure);
}
