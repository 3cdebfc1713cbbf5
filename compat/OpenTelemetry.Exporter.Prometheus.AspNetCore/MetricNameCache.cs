using System.Runtime.CompilerServices;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Remembers each metric's names for as long as the metric lives.</summary>
internal sealed class MetricNameCache(bool withoutTotalSuffix)
{
    private readonly ConditionalWeakTable<Metric, MetricNames> _names = [];

    public MetricNames Of(Metric metric)
        => _names.GetValue(metric, created => MetricNames.Of(created.Name, created.Unit, MetricKinds.Of(created.MetricType), withoutTotalSuffix));
}
