using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Metrics of one name, from whatever meters, under one set of metadata.</summary>
/// <param name="Name">For the metadata lines.</param>
/// <param name="Help">Of the first metric that has a description.</param>
/// <param name="Unit">Of the first metric that has one.</param>
/// <param name="Members">By meter, then by name.</param>
internal sealed record MetricFamily(string Name, MetricKind Kind, string? Help, string? Unit, IReadOnlyList<(Metric Metric, MetricNames Names)> Members)
{
    /// <returns>By name. Families whose members disagree about their type are left out, as are exponential histograms.</returns>
    public static IEnumerable<MetricFamily> Group(in Batch<Metric> batch, bool openMetrics, MetricNameCache names)
    {
        var members = new List<(Metric Metric, MetricNames Names)>();
        foreach (Metric metric in batch)
        {
            if (metric.MetricType != MetricType.ExponentialHistogram)
            {
                members.Add((metric, names.Of(metric)));
            }
        }

        return members
            .GroupBy(member => openMetrics ? member.Names.OpenMetricsFamily : member.Names.Text, StringComparer.Ordinal)
            .Where(static family => family.Select(static member => MetricKinds.Of(member.Metric.MetricType)).Distinct().Count() == 1)
            .OrderBy(static family => family.Key, StringComparer.Ordinal)
            .Select(static family => new MetricFamily(
                family.Key,
                MetricKinds.Of(family.First().Metric.MetricType),
                family.Select(static member => member.Metric.Description).FirstOrDefault(static text => !string.IsNullOrEmpty(text)),
                family.Select(static member => member.Names.Unit).FirstOrDefault(static unit => unit.Length > 0),
                [.. family
                    .OrderBy(static member => member.Metric.MeterName, StringComparer.Ordinal)
                    .ThenBy(static member => member.Metric.Name, StringComparer.Ordinal)]));
    }
}
