using Microsoft.AspNetCore.Routing;
using OpenTelemetry.Exporter.Prometheus;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint that Prometheus scrapes.</summary>
public static class PrometheusExporterEndpointRouteBuilderExtensions
{
    /// <summary>At the path of the options, <c>/metrics</c> unless changed.</summary>
    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapPrometheusScrapingEndpoint(ScrapeEndpoint.PathOf(endpoints.ServiceProvider));
    }

    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(this IEndpointRouteBuilder endpoints, string path)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        return endpoints.Map(path.StartsWith('/') ? path : $"/{path}", new ScrapeEndpoint(endpoints.ServiceProvider).InvokeAsync);
    }
}
