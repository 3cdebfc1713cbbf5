using System.Globalization;
using System.Text;
using Saccade.Bench.Report;

namespace Saccade.Bench.Device;

/// <summary>The records as tables.</summary>
internal static class DeviceReport
{
    private static readonly string[] Stages = ["decodeMs", "preprocessMs", "copyMs", "queueMs", "inferenceMs", "batchSize", "totalMs"];

    /// <summary>Markdown: what was checked, then for every model what each way of running it gave, and where its time went.</summary>
    public static string Of(IReadOnlyList<DeviceRecord> records, string device)
    {
        var text = new StringBuilder().AppendLine("# On the device").AppendLine().AppendLine(device);
        text.AppendLine("\n## Equal to the processor\n")
            .Append(
                MarkdownTable.Of(
                    ["model", "numbers", "input", "largest difference", "of logits up to", "same first class", "verdict"],
                    records.Where(record => record.Part == "check").Select(Check)
                )
            );
        foreach (var model in records.Where(record => record.Part != "check").GroupBy(record => record.Model, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"\n## {model.Key}: images a second\n").Append(Rates([.. model]));
            text.AppendLine("\nWhere the time went, in ms:\n")
                .Append(
                    MarkdownTable.Of(
                        ["part", "numbers", "batch", "sessions", .. Stages],
                        model
                            .Where(record => record.Figures is { Count: > 0 })
                            .Select(record =>
                                (IReadOnlyList<string>)
                                    [
                                        record.Part,
                                        record.Format,
                                        $"{record.Batch}",
                                        $"{record.Sessions}",
                                        .. Stages.Select(stage => Number(record.Figures!.GetValueOrDefault(stage, double.NaN), "F2")),
                                    ]
                            )
                    )
                );
        }

        DeviceRecord[] problems = [.. records.Where(record => record.Problem is not null)];
        if (problems.Length > 0)
            text.AppendLine("\n## What did not work\n")
                .Append(
                    MarkdownTable.Of(
                        ["part", "model", "numbers", "how", "why"],
                        problems.Select(record =>
                            (IReadOnlyList<string>)
                                [record.Part, record.Model, record.Format, record.Variant, record.Problem!.Replace('|', '/')]
                        )
                    )
                );
        return text.ToString();
    }

    private static string Rates(IReadOnlyList<DeviceRecord> records)
    {
        int[] batches = [.. records.Select(record => record.Batch).Distinct().Order()];
        return MarkdownTable.Of(
            ["part", "how", "numbers", "sessions", .. batches.Select(batch => $"batch {batch}")],
            records
                .GroupBy(record => (record.Part, record.Variant, record.Format, record.Sessions))
                .Select(row =>
                    (IReadOnlyList<string>)
                        [
                            row.Key.Part,
                            row.Key.Variant,
                            row.Key.Format,
                            $"{row.Key.Sessions}",
                            .. batches.Select(batch =>
                                Number(row.LastOrDefault(record => record.Batch == batch)?.ImagesPerSecond ?? double.NaN, "F0")
                            ),
                        ]
                )
        );
    }

    private static IReadOnlyList<string> Check(DeviceRecord record) =>
        [
            record.Model,
            record.Format,
            record.Variant,
            Number(record.Figures?.GetValueOrDefault("maxAbsDifference", double.NaN) ?? double.NaN, "g3"),
            Number(record.Figures?.GetValueOrDefault("largestLogit", double.NaN) ?? double.NaN, "g3"),
            Number(record.Figures?.GetValueOrDefault("agreement", double.NaN) ?? double.NaN, "P2"),
            record.Problem ?? "as it must be",
        ];

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
}
