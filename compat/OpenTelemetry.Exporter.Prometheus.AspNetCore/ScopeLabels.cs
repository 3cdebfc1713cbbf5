using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>The labels that tell a series' meter.</summary>
internal static class ScopeLabels
{
    private const string Name = "otel_scope_name";
    private const string Version = "otel_scope_version";
    private const string SchemaUrl = "otel_scope_schema_url";

    public static void AddTo(LabelSet labels, Metric metric)
    {
        labels.Add(Name, metric.MeterName);
        if (!string.IsNullOrEmpty(metric.MeterVersion))
        {
            labels.Add(Version, metric.MeterVersion);
        }

        foreach (KeyValuePair<string, object?> tag in metric.MeterTags ?? [])
        {
            string key = LabelSet.Sanitize($"otel_scope_{tag.Key}");
            if (key is not (Name or Version or SchemaUrl))
            {
                labels.Add(tag.Key, key, tag.Value);
            }
        }
    }
}
