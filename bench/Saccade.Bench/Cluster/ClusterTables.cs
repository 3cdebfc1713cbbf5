using System.Globalization;
using Saccade.Bench.Report;

namespace Saccade.Bench.Cluster;

/// <summary>A simulation and what came of it.</summary>
/// <param name="Setup">What was simulated.</param>
/// <param name="Figures">What came of it.</param>
internal sealed record ClusterRow(ClusterSetup Setup, ClusterFigures Figures);

/// <summary>The figures as Markdown.</summary>
internal static class ClusterTables
{
    /// <summary>A table for each scenario.</summary>
    public static string Of(IEnumerable<ClusterRow> rows) =>
        string.Join('\n', rows.GroupBy(static row => row.Setup.Scenario).Select(Table));

    private static string Table(IGrouping<Scenario, ClusterRow> rows) =>
        MarkdownTable.Of(
            [
                rows.Key.Name,
                "edges",
                "in time",
                "p50, ms",
                "p99, ms",
                "refused",
                "expired",
                "lost, under way at failures",
                "held by a replica: mean, p99, most",
            ],
            rows.Select(static row =>
            {
                var (setup, figures) = (row.Setup, row.Figures);
                return (IReadOnlyList<string>)
                    [
                        setup.Balancer,
                        Figure.Of(setup.Edges),
                        Figure.Percent(figures.Goodput, 3),
                        Figure.Of(figures.Latency.P50, 1),
                        Figure.Of(figures.Latency.P99, 1),
                        Count(figures.Refused),
                        Count(figures.Expired),
                        setup.Scenario.Failing > 0 ? $"{Count(figures.Lost)}, {Count(figures.UnderWayAtFailures)}" : Count(figures.Lost),
                        $"{Figure.Of(figures.Held.Mean, 1)}, {Figure.Of(figures.Held.P99)}, {Figure.Of(figures.Held.Most)}",
                    ];
            })
        );

    private static string Count(long requests) => requests.ToString("N0", CultureInfo.InvariantCulture);
}
