namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Where a container's endpoint finds the exporter that its provider of metrics built.</summary>
internal sealed class ExporterSlot
{
    /// <summary>Null while there is none, as with an SDK disabled by <c>OTEL_SDK_DISABLED</c>.</summary>
    public PrometheusExporter? Exporter { get; set; }
}
