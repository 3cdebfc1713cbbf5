using Saccade.Api.Errors;

namespace Saccade.Api.OpenInference;

/// <summary>An object with the detail as <c>error</c>: what the Open Inference Protocol has for every status but 2xx.</summary>
internal sealed class OipErrorFormat : IFailureFormat
{
    /// <inheritdoc/>
    public bool Speaks(HttpRequest request) => request.Path.StartsWithSegments(OipRoutes.Server, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, Refusal refusal) =>
        context.Response.WriteAsJsonAsync(
            new OipError(refusal.Detail),
            OipJson.Default.OipError,
            "application/json",
            context.RequestAborted
        );
}
