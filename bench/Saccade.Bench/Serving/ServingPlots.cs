using Saccade.Bench.Load;
using Saccade.Bench.Report;
using Saccade.Bench.Report.Charts;

namespace Saccade.Bench.Serving;

/// <summary>Throughput against latency, as images.</summary>
internal static class ServingPlots
{
    /// <summary>The closed loop: a line for each server, a point for each number of clients.</summary>
    public static string Closed(ServingReport report) =>
        new LatencyChart("Closed loop, by number of clients", "requests/s", "p99, ms").Draw([
            .. report.Contestants.Where(contestant => contestant.Absent is null).Select(Line),
        ]);

    /// <summary>The open loop: latency by offered rate, and the bound that the 99th percentile is to keep.</summary>
    public static string Open(ServingReport report)
    {
        ChartLine Of(string name, Func<Percentiles, double> rank) =>
            new(
                name,
                [.. report.Open.Select(result => new ChartPoint(result.Rate, rank(result.Latency), Figure.Percent(result.Share, 0)))]
            );
        return new LatencyChart(
            "Poisson arrivals, from the due time",
            "requests/s offered (of the closed loop's peak)",
            "latency, ms"
        ).Draw([
            Of("p99", latency => latency.P99),
            Of("p95", latency => latency.P95),
            Of("p50", latency => latency.P50),
            new("bound of the p99", [.. report.Open.Select(result => new ChartPoint(result.Rate, result.BoundMs))], Dashed: true),
        ]);
    }

    private static ChartLine Line(Contestant contestant) =>
        new(
            contestant.Name,
            [
                .. contestant
                    .Stretches.Select(stretch => stretch.Load.Clients)
                    .Distinct()
                    .Order()
                    .Select(clients => new ChartPoint(
                        ServingReport.MedianAt(contestant, clients, served => served.Load.RequestsPerSecond),
                        ServingReport.MedianAt(contestant, clients, served => served.Load.Latency.P99),
                        Figure.Of(clients)
                    )),
            ],
            Dashed: contestant.Name != ServingReport.Own
        );
}
