using Saccade.Api.Configuration;

namespace Saccade.Api.Telemetry;

/// <summary>The exporter would fall back to its default address without a word if the configured one were no address.</summary>
internal sealed class OtlpEndpointCheck(IConfiguration configuration) : IStartupCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Mistakes() =>
        configuration[TelemetrySetup.OtlpEndpointKey] is { Length: > 0 } endpoint
        && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https"))
            ? [$"{TelemetrySetup.OtlpEndpointKey} is '{endpoint}', which is not an http or https address."]
            : [];
}
