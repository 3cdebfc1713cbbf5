using Saccade.Api.Errors;
using Saccade.Inference;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenInference;

/// <summary><c>GET /v2</c> and <c>/v2/health/…</c>: what the server is and how it is doing.</summary>
internal static class OipServerEndpoint
{
    // What clients need to know of; each is implemented, or it would not be here.
    private static readonly string[] Extensions =
    [
        "binary_tensor_data",
        "classification",
        "schedule_policy",
        "statistics",
        "model_configuration",
        "model_repository",
    ];

    /// <summary>What the server says of itself.</summary>
    public static OipServer Server { get; } =
        new("saccade", typeof(OipServerEndpoint).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "", Extensions);

    public static IResult Describe() => TypedResults.Json(Server, OipJson.Default.OipServer);

    public static IResult Live() => TypedResults.Json(new OipLive(Live: true), OipJson.Default.OipLive);

    public static IResult Ready(ModelCatalog catalog) =>
        catalog.NotReadyReason is { } reason
            ? new RefusalResult(NotReady(reason))
            : TypedResults.Json(new OipReady(Ready: true), OipJson.Default.OipReady);

    // A probe asks again and again while a service starts, and every answer is as it should be.
    private static Refusal NotReady(string reason)
    {
        var refusal = Refusal.Of(ClassifyFailure.NotReady, reason);
        return refusal with { Response = refusal.Response with { Level = LogLevel.Debug } };
    }
}
