using System.Diagnostics.Tracing;

namespace Saccade.Api.Telemetry;

/// <summary>Mentions once that telemetry does not arrive: the exporter itself tells only its event source, and tries on.</summary>
internal sealed class OtlpFailureNotice(ILogger<OtlpFailureNotice> logger) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    private int _told;

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter)
            EnableEvents(eventSource, EventLevel.Error);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
            Log.TelemetryNotDelivered(
                logger,
                eventData.EventName ?? "",
                string.Join(' ', (eventData.Payload ?? []).Select(part => $"{part}".Split('\n')[0].Trim()))
            );
    }
}
