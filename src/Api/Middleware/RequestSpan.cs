using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Saccade.Api.Operations;
using Saccade.Api.Telemetry;

namespace Saccade.Api.Middleware;

/// <summary>
/// Middleware around everything that answers: completes ASP.NET Core's request span with what the semantic conventions ask for (its name
/// <c>POST /classify</c>, the route, the status), and keeps the spans of probes and scrapes from being exported.
/// </summary>
internal sealed class RequestSpan(RequestDelegate next)
{
    private static readonly string[] Unwanted = [OperationsSetup.LiveRoute, OperationsSetup.ReadyRoute, TelemetrySetup.MetricsRoute];

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { } span)
            return;

        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
            return;

        var route = $"/{endpoint.RoutePattern.RawText?.TrimStart('/')}";
        span.SetTag("http.route", route);
        span.DisplayName = $"{context.Request.Method} {route}";
        if (Unwanted.Contains(route, StringComparer.Ordinal))
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
