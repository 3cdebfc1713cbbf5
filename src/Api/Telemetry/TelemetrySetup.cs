using System.Reflection;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Saccade.Api.Configuration;

namespace Saccade.Api.Telemetry;

/// <summary>OpenTelemetry: what is collected, and where it goes. Prometheus scrapes <c>/metrics</c>; OTLP only if an endpoint is
/// configured.</summary>
internal static class TelemetrySetup
{
    public const string MetricsRoute = "/metrics";

    /// <summary>The standard setting of OpenTelemetry's exporters, read from the environment or any other configuration source.</summary>
    public const string OtlpEndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IReadOnlyList<string> Meters { get; } =
    [
        ApiMetrics.MeterName,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.RateLimiting",
        "System.Runtime",
    ];

    public static IReadOnlyList<string> Sources { get; } = [ApiMetrics.MeterName, "Microsoft.AspNetCore"];

    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        // Has ASP.NET Core put the semantic conventions' attributes on its request spans itself; off by default in .NET 10.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false);

        // The console's one timestamp format ends in a space, which separates it from the level; in JSON it is a member of its own.
        builder.Services.PostConfigure<JsonConsoleFormatterOptions>(static json => json.TimestampFormat = json.TimestampFormat?.TrimEnd());
        builder.Services.AddSingleton<ApiMetrics>().AddSingleton<IStartupCheck, OtlpEndpointCheck>();
        var exports = !string.IsNullOrEmpty(builder.Configuration[OtlpEndpointKey]);
        var telemetry = builder
            .Services.AddOpenTelemetry()
            // The environment comes last: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
            .ConfigureResource(static resource =>
                resource
                    .AddService("saccade", serviceVersion: Version(), serviceInstanceId: Guid.CreateVersion7().ToString())
                    .AddEnvironmentVariableDetector()
            )
            .WithMetrics(static metrics =>
                metrics.AddMeter([.. Meters]).SetExemplarFilter(ExemplarFilterType.TraceBased).AddPrometheusExporter()
            )
            .WithTracing(tracing => Sample(tracing.AddSource([.. Sources]), exports));

        if (exports)
        {
            telemetry.UseOtlpExporter(); // metrics, traces and logs
            builder.Services.AddSingleton<OtlpFailureNotice>();
        }

        return builder;
    }

    // Spans that nobody will see cost a tenth of the service's own time (docs/decisions). Who sends a sampled trace context gets its
    // exemplars all the same.
    private static void Sample(TracerProviderBuilder tracing, bool exports)
    {
        if (!exports)
            tracing.SetSampler(new ParentBasedSampler(new AlwaysOffSampler()));
    }

    private static string? Version() =>
        typeof(TelemetrySetup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
