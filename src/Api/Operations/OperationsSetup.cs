using Microsoft.Extensions.Diagnostics.HealthChecks;
using Saccade.Api.Access;
using Saccade.Api.Contracts;
using Saccade.Api.OpenApi;
using Saccade.Api.Telemetry;

namespace Saccade.Api.Operations;

/// <summary>
/// <c>/health/live</c> tells whether the process answers, <c>/health/ready</c> whether to send it work, <c>/metrics</c> how it is doing.
/// </summary>
internal static class OperationsSetup
{
    public const string LiveRoute = "/health/live";
    public const string ReadyRoute = "/health/ready";

    // How soon a balancer may ask again: models warm up in seconds.
    private const int RetryAfterSeconds = 1;

    public static IServiceCollection AddReadiness(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<ModelReadinessCheck>("models");
        return services;
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes
            .MapHealthChecks(LiveRoute, new() { Predicate = static _ => false, ResponseWriter = WriteAsync })
            .WithMetadata(OperationsDocs.Live)
            .DisableHttpMetrics();
        routes.MapHealthChecks(ReadyRoute, new() { ResponseWriter = WriteAsync }).WithMetadata(OperationsDocs.Ready).DisableHttpMetrics();
    }

    public static void MapMetrics(this WebApplication app)
    {
        app.MapPrometheusScrapingEndpoint(TelemetrySetup.MetricsRoute)
            .WithMetadata(OperationsDocs.Metrics, OperatorOnly.Instance)
            .DisableHttpMetrics();
        if (app.Configuration[TelemetrySetup.OtlpEndpointKey] is not { Length: > 0 } endpoint)
            return;
        Log.OtlpEnabled(app.Logger, endpoint);
        _ = app.Services.GetRequiredService<OtlpFailureNotice>(); // listens from here on
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        if (report.Status == HealthStatus.Unhealthy)
            context.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        var body = new HealthBody(
            Word(report.Status),
            [.. report.Entries.Select(entry => new HealthCheckBody(entry.Key, Word(entry.Value.Status), entry.Value.Description))]
        );
        return context.Response.WriteAsJsonAsync(body, ApiJsonContext.Default.HealthBody, cancellationToken: context.RequestAborted);
    }

    private static string Word(HealthStatus status) => status == HealthStatus.Healthy ? "healthy" : "unhealthy";
}
