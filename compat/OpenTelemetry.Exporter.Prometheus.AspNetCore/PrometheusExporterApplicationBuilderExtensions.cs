using OpenTelemetry.Exporter.Prometheus;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Branches the pipeline to the endpoint that Prometheus scrapes.</summary>
public static class PrometheusExporterApplicationBuilderExtensions
{
    /// <summary>At the path of the options, <c>/metrics</c> unless changed.</summary>
    public static IApplicationBuilder UseOpenTelemetryPrometheusScrapingEndpoint(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseOpenTelemetryPrometheusScrapingEndpoint(ScrapeEndpoint.PathOf(app.ApplicationServices));
    }

    public static IApplicationBuilder UseOpenTelemetryPrometheusScrapingEndpoint(this IApplicationBuilder app, string path)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(path);
        var endpoint = new ScrapeEndpoint(app.ApplicationServices);
        return app.Map(path.StartsWith('/') ? path : $"/{path}", branch => branch.Run(endpoint.InvokeAsync));
    }
}
