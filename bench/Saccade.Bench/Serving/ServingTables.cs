using System.Globalization;
using System.Text;
using Saccade.Bench.Load;
using Saccade.Bench.Report;

namespace Saccade.Bench.Serving;

/// <summary>The report as Markdown: what stands in docs/results.md.</summary>
internal static class ServingTables
{
    /// <summary>Conditions, targets and every figure behind them.</summary>
    public static string Markdown(ServingReport report, Machine machine, string command)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"`{command}` at {machine.Commit}; {machine.Description}.");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{report.Manifest.Architecture.Name}, width {report.Manifest.Architecture.Width}, input {report.Manifest.Input.Height}; JPEG "
                + $"of {report.ImageBytes} bytes as raw body; medians of {report.Rounds.Count} rounds."
        );
        foreach (
            var table in new[]
            {
                Targets(report),
                Ceiling(report),
                Closed(report),
                Contestants(report),
                Open(report),
                Overload(report),
                Empty(report),
            }
        )
        {
            if (table.Length > 0)
                text.AppendLine().Append(table);
        }

        return text.ToString();
    }

    private static string Targets(ServingReport report) =>
        MarkdownTable.Of(
            ["what", "target", "measured", "met"],
            ServingTargets.Of(report).Select(row => (IReadOnlyList<string>)[row.What, row.Target, row.Measured, row.Met ? "yes" : "**no**"])
        );

    private static string Ceiling(ServingReport report) =>
        MarkdownTable.Of(
            ["ceiling", "value"],
            [
                .. report.Sweep.Select(cell =>
                    (IReadOnlyList<string>)
                        [$"ONNX Runtime alone, {cell.Layout}, images/s (one measurement)", Figure.Of(cell.Rate.ImagesPerSecond, 1)]
                ),
                [$"the best of them ({report.Best}) in the rounds", Figure.Of(report.Median(round => round.Ceiling.Raw), 1)],
                ["its processor time, ms per image", Figure.Of(report.Median(round => round.Ceiling.RawProcessorMs), 2)],
                [$"decode, ms on one thread ({report.Costs.JpegDecoder})", Figure.Of(report.Costs.DecodeMs, 2)],
                ["resize, crop, normalise, ms on one thread", Figure.Of(report.Costs.PreprocessMs, 2)],
                ["**ceiling, images/s: 1/(1/runtime + decode/cores)**", Figure.Of(report.Median(round => round.Ceiling.Ceiling), 1)],
                ["with resize and crop", Figure.Of(report.Median(round => round.Ceiling.CeilingWithPreprocess), 1)],
            ]
        );

    private static string Closed(ServingReport report) =>
        MarkdownTable.Of(
            [
                "clients",
                "req/s",
                "of the ceiling",
                "by CPU time",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "decode",
                "preprocess",
                "queue",
                "inference",
                "service CPU ms/req",
                "KB allocated/req",
                "load generator's share of CPU",
            ],
            report.Clients.Select(clients =>
            {
                string Of(Func<ServedFigures, double> figure, int decimals) =>
                    Figure.Of(report.Median(round => figure(round.Of(clients))), decimals);
                string Stage(string name) => Of(served => served.Load.StageMeans.GetValueOrDefault(name), 2);
                return (IReadOnlyList<string>)
                    [
                        Figure.Of(clients),
                        Of(served => served.Load.RequestsPerSecond, 1),
                        "**" + Figure.Of(report.Median(round => round.Ratio(clients)), 3) + "**",
                        Figure.Of(report.Median(round => round.ProcessorRatio(clients)), 3),
                        Of(served => served.Load.Latency.P50, 1),
                        Of(served => served.Load.Latency.P95, 1),
                        Of(served => served.Load.Latency.P99, 1),
                        Stage("decode"),
                        Stage("preprocess"),
                        Stage("queue"),
                        Stage("inference"),
                        Of(served => served.ServiceMsPerRequest, 2),
                        Of(served => served.BytesPerRequest / 1000, 1),
                        Figure.Percent(report.Median(round => round.Of(clients).LoadShare)),
                    ];
            })
        );

    private static string Contestants(ServingReport report)
    {
        var levels = report
            .Contestants.Skip(1)
            .SelectMany(other => other.Stretches)
            .Select(stretch => stretch.Load.Clients)
            .Distinct()
            .Order()
            .ToList();
        if (report.Contestants.Count == 1)
            return "";
        return MarkdownTable.Of(
            ["req/s (p50, p99 ms)", .. levels.Select(clients => $"{clients} clients")],
            report.Contestants.Select(contestant =>
                (IReadOnlyList<string>)
                    [
                        contestant.Name,
                        .. levels.Select(clients => contestant.Absent is { } reason ? "left out: " + reason : Cell(contestant, clients)),
                    ]
            )
        );
    }

    private static string Cell(Contestant contestant, int clients)
    {
        double At(Func<ServedFigures, double> figure) => ServingReport.MedianAt(contestant, clients, figure);
        return $"{Figure.Of(At(served => served.Load.RequestsPerSecond), 1)} ({Figure.Of(At(served => served.Load.Latency.P50), 1)}, "
            + $"{Figure.Of(At(served => served.Load.Latency.P99), 1)})";
    }

    private static string Open(ServingReport report) =>
        report.Open.Count == 0
            ? ""
            : MarkdownTable.Of(
                [
                    "offered, of the peak",
                    "req/s",
                    "requests",
                    "p50 ms",
                    "p95 ms",
                    "p99 ms",
                    "within the bound (median round)",
                    "sent late, p99 ms",
                    "service's, generator's share of CPU",
                ],
                report.Open.Select(result =>
                    (IReadOnlyList<string>)
                        [
                            Figure.Of(result.Share, 2),
                            Figure.Of(result.Rate, 1),
                            Figure.Of(result.Offered),
                            Figure.Of(result.Latency.P50, 1),
                            Figure.Of(result.Latency.P95, 1),
                            Figure.Of(result.Latency.P99, 1),
                            Figure.Percent(result.InTimeShare),
                            Figure.Of(result.Lag.P99, 2),
                            Shares(result),
                        ]
                )
            );

    private static string Overload(ServingReport report) =>
        report.Overload.Count == 0
            ? ""
            : MarkdownTable.Of(
                [
                    "offered, of the peak",
                    "req/s",
                    "requests",
                    "in time",
                    "late",
                    "not answered",
                    "broken",
                    "goodput, req/s",
                    "p99 of answers, ms",
                    "refusals p50, p99 ms from the send",
                    "from the due time",
                    "by the service's clock",
                    "sent late, p99 ms",
                    "service's, generator's share of CPU",
                ],
                report.Overload.Select(result =>
                    (IReadOnlyList<string>)
                        [
                            Figure.Of(result.Share, 0),
                            Figure.Of(result.Rate, 1),
                            Figure.Of(result.Offered),
                            Figure.Of(result.InTime),
                            Figure.Of(result.Late),
                            string.Join(
                                ", ",
                                result.Refusals.OrderBy(refusal => refusal.Key).Select(refusal => $"{refusal.Value} × {refusal.Key}")
                            ),
                            Figure.Of(result.Broken),
                            Figure.Of(result.Goodput, 1),
                            Figure.Of(result.Latency.P99, 1),
                            Pair(result.Refusal),
                            Pair(result.RefusalFromDue),
                            Pair(result.Refusing),
                            Figure.Of(result.Lag.P99, 2),
                            Shares(result),
                        ]
                )
            );

    private static string Empty(ServingReport report)
    {
        if (report.Rounds.Any(round => round.Empty is null))
            return "";
        string Of(Func<ServedFigures, double> figure, int decimals) => Figure.Of(report.Median(round => figure(round.Empty!)), decimals);
        return MarkdownTable.Of(
            ["empty model, 1 client", "value"],
            [
                ["req/s", Of(served => served.Load.RequestsPerSecond, 0)],
                ["latency p50, p99 ms", $"{Of(served => served.Load.Latency.P50, 2)}, {Of(served => served.Load.Latency.P99, 2)}"],
                [
                    "of it added by the service and the client, p50, p99 ms",
                    $"{Of(served => served.Load.Added.P50, 2)}, {Of(served => served.Load.Added.P99, 2)}",
                ],
                ["queue, mean ms", Of(served => served.Load.StageMeans.GetValueOrDefault("queue"), 3)],
                ["processor ms per request", Of(served => served.ServiceMsPerRequest, 2)],
                ["KB allocated per request", Of(served => served.BytesPerRequest / 1000, 1)],
            ]
        );
    }

    private static string Shares(OpenResult result) => $"{Figure.Percent(result.ServiceShare, 0)}, {Figure.Percent(result.LoadShare, 0)}";

    private static string Pair(Percentiles ranks) => $"{Figure.Of(ranks.P50, 1)}, {Figure.Of(ranks.P99, 1)}";
}
