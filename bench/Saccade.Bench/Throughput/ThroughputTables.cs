using System.Globalization;
using System.Text;
using Saccade.Bench.Report;

namespace Saccade.Bench.Throughput;

/// <summary>The report as Markdown: what stands in docs/results.md.</summary>
internal static class ThroughputTables
{
    /// <summary>Conditions, ceiling and served throughput.</summary>
    public static string Markdown(ThroughputReport report, Machine machine, string command)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"`{command}` at {machine.Commit}; {machine.Description}.");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{report.Manifest.Architecture.Name}, width {report.Manifest.Architecture.Width}, input {report.Manifest.Input.Height}; JPEG of {report.PictureBytes} bytes as raw body; medians of {report.Rounds.Count} rounds.");
        text.AppendLine().Append(CeilingTable(report)).AppendLine().Append(ServedTable(report));
        return text.ToString();
    }

    private static string CeilingTable(ThroughputReport report) => MarkdownTable.Of(
        ["ceiling", "value"],
        [
            ["ONNX Runtime alone, images/s (" + report.Best + ")", Number(report.Median(round => round.Ceiling.Raw), 1)],
            ["its processor time, ms per image", Number(report.Median(round => round.Ceiling.RawProcessorMs), 2)],
            [$"decode, ms on one thread ({report.Costs.JpegDecoder})", Number(report.Costs.DecodeMs, 2)],
            ["resize, crop, normalise, ms on one thread", Number(report.Costs.PreprocessMs, 2)],
            ["**ceiling, images/s: 1/(1/runtime + decode/cores)**", Number(report.Median(round => round.Ceiling.Ceiling), 1)],
            ["with resize and crop", Number(report.Median(round => round.Ceiling.CeilingWithPreprocess), 1)],
        ]);

    private static string ServedTable(ThroughputReport report) => MarkdownTable.Of(
        ["clients", "req/s", "of the ceiling", "by CPU time", "p50 ms", "p95 ms", "p99 ms", "decode", "preprocess", "queue", "inference", "service CPU ms/req", "load generator's share of CPU"],
        report.Clients.Select(clients => Row(report, clients)));

    private static string[] Row(ThroughputReport report, int clients)
    {
        string Of(Func<ServedFigures, double> figure, int decimals) => Number(report.Median(round => figure(round.Of(clients))), decimals);
        string Stage(string name) => Of(served => served.Load.StageMeans.GetValueOrDefault(name), 2);
        return
        [
            clients.ToString(CultureInfo.InvariantCulture),
            Of(served => served.Load.RequestsPerSecond, 1),
            "**" + Number(report.Median(round => round.Ratio(clients)), 3) + "**",
            Number(report.Median(round => round.ProcessorRatio(clients)), 3),
            Of(served => served.Load.Latency.P50, 1),
            Of(served => served.Load.Latency.P95, 1),
            Of(served => served.Load.Latency.P99, 1),
            Stage("decode"), Stage("preprocess"), Stage("queue"), Stage("inference"),
            Of(served => served.ServiceMsPerRequest, 2),
            Of(served => 100 * served.LoadShare, 1) + " %",
        ];
    }

    private static string Number(double value, int decimals) => value.ToString("F" + decimals, CultureInfo.InvariantCulture);
}
