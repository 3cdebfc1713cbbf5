using System.Text.Json;
using Saccade.Api.Contracts;

namespace Saccade.Api.OpenApi;

/// <summary>Documents what operators and load balancers call.</summary>
internal static class OperationsDocs
{
    private const string Tag = "Operations";

    public static EndpointDocs Live { get; } =
        new()
        {
            OperationId = "live",
            Tag = Tag,
            Summary = "Is the process alive?",
            Description = "Answers 200 as long as the process answers at all. Restart it if this fails.",
            Responses = [new(200, "Alive.", "application/json", typeof(HealthBody), Health(new("healthy", [])))],
        };

    public static EndpointDocs Ready { get; } =
        new()
        {
            OperationId = "ready",
            Tag = Tag,
            Summary = "Should it get work?",
            Description =
                "200 once every model is warm; 503 with the reason before that, while a model that was there at the start cannot be served "
                + "(`Models:Strict`), while one has lost its sessions, and from SIGTERM on.",
            Responses =
            [
                new(
                    200,
                    "Ready.",
                    "application/json",
                    typeof(HealthBody),
                    Health(new("healthy", [new("models", "healthy", Reason: null)]))
                ),
                new(
                    503,
                    "Not ready; `Retry-After` says when to ask again.",
                    "application/json",
                    typeof(HealthBody),
                    Health(new("unhealthy", [new("models", "unhealthy", "Models are loading.")]))
                ),
            ],
        };

    public static EndpointDocs Metrics { get; } =
        new()
        {
            OperationId = "metrics",
            Tag = Tag,
            Summary = "Metrics for Prometheus",
            Description =
                "All instruments in the Prometheus text format, or OpenMetrics if the scraper asks for it. docs/telemetry.md lists them.",
            Responses =
            [
                new(200, "The metrics.", "text/plain", Example: "saccade_request_duration_seconds_count{model=\"cifar10-googlenet\"} 42"),
            ],
        };

    private static System.Text.Json.Nodes.JsonNode? Health(HealthBody body) =>
        JsonSerializer.SerializeToNode(body, ApiJsonContext.Default.HealthBody);
}
