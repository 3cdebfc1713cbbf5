using Microsoft.Net.Http.Headers;
using Saccade.Api.Contracts;
using Saccade.Api.OpenInference;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Rehearsals;
using Saccade.Api.Requests;
using Saccade.Api.Telemetry;

namespace Saccade.Api.Errors;

/// <summary>Answers with a problem document, or with what another protocol has for it. Every refusal of the service passes here, so each is logged and counted once.</summary>
internal sealed class FailureWriter(ApiMetrics metrics, ILogger<FailureWriter> logger)
{
    /// <summary>Writes the answer, unless nobody would read it or another one has begun.</summary>
    public Task WriteAsync(HttpContext context, Refusal refusal)
    {
        var progress = RequestProgress.Of(context);
        Record(context, refusal.Response, progress.Id);
        if (context.Response.HasStarted)
            return Task.CompletedTask;

        var response = context.Response;
        response.StatusCode = refusal.Response.Status;
        if (context.RequestAborted.IsCancellationRequested || refusal.Response.Status == StatusCodes.Status499ClientClosedRequest)
            return Task.CompletedTask;

        response.Headers.CacheControl = "no-store";
        if (refusal.RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = HeaderUtilities.FormatNonNegativeInt64(seconds);
        if (refusal.Accept is { } accept)
            response.Headers.Accept = accept;
        if (RpcFailure.IsCall(context))
        {
            RpcFailure.Write(response, refusal);
            return Task.CompletedTask;
        }

        if (OipRoutes.Speaks(context.Request))
            return response.WriteAsJsonAsync(new OipError(refusal.Detail), OipJson.Default.OipError, "application/json", context.RequestAborted);
        return response.WriteAsJsonAsync(
            Problem(refusal, progress.Id), ApiJsonContext.Default.ProblemBody, "application/problem+json", context.RequestAborted);
    }

    /// <summary>The document for <paramref name="refusal"/>.</summary>
    public static ProblemBody Problem(Refusal refusal, string requestId) => new()
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

    /// <summary>Logs and counts a refusal; that of one image of a batch has no answer of its own.</summary>
    public void Record(HttpContext context, FailureResponse failure, string requestId)
    {
        if (context.Features.Get<RehearsalMark>() is not null)
            return;
        metrics.Refused(failure);
        var request = context.Request;
        Log.RequestRefused(logger, failure.Level, request.Method, request.Path, failure.Status, failure.Code, requestId);
    }
}
