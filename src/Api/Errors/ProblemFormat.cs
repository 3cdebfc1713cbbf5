using Saccade.Api.Contracts;
using Saccade.Api.Requests;

namespace Saccade.Api.Errors;

/// <summary>A problem document (RFC 9457): what is answered wherever no other protocol has the word.</summary>
internal sealed class ProblemFormat : IFailureFormat
{
    /// <summary>The only one that is needed.</summary>
    public static ProblemFormat Instance { get; } = new();

    /// <inheritdoc/>
    public bool Speaks(HttpRequest request) => true;

    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, Refusal refusal) =>
        context.Response.WriteAsJsonAsync(
            Problem(refusal, RequestProgress.Of(context).Id),
            ApiJsonContext.Default.ProblemBody,
            "application/problem+json",
            context.RequestAborted
        );

    /// <summary>The document for <paramref name="refusal"/>.</summary>
    public static ProblemBody Problem(Refusal refusal, string requestId) =>
        new()
        {
            Type = refusal.Response.Type,
            Title = refusal.Response.Title,
            Status = refusal.Response.Status,
            Detail = refusal.Detail,
            Code = refusal.Response.Code,
            RequestId = requestId,
            RetryAfterSeconds = refusal.RetryAfterSeconds,
            Errors = refusal.Errors,
        };
}
