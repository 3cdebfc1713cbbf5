using Microsoft.Net.Http.Headers;
using Saccade.Api.Requests;
using Saccade.Api.Telemetry;

namespace Saccade.Api.Errors;

/// <summary>
/// Answers a refusal in the words of the request's protocol. Every refusal of the service passes here, so each is logged and counted once.
/// </summary>
/// <param name="metrics">Counts refusals.</param>
/// <param name="formats">Of the protocols beside plain HTTP.</param>
/// <param name="logger">Has a line for each refusal.</param>
internal sealed class FailureWriter(ApiMetrics metrics, IEnumerable<IFailureFormat> formats, ILogger<FailureWriter> logger)
{
    private readonly IFailureFormat[] _formats = [.. formats];

    /// <summary>Writes the answer, unless nobody would read it or another one has begun.</summary>
    public Task WriteAsync(HttpContext context, Refusal refusal)
    {
        Record(context, refusal.Response, RequestProgress.Of(context).Id);
        var response = context.Response;
        if (response.HasStarted)
            return Task.CompletedTask;

        response.StatusCode = refusal.Response.Status;
        if (context.RequestAborted.IsCancellationRequested || refusal.Response.Status == StatusCodes.Status499ClientClosedRequest)
            return Task.CompletedTask;

        response.Headers.CacheControl = "no-store";
        if (refusal.RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = HeaderUtilities.FormatNonNegativeInt64(seconds);
        if (refusal.Accept is { } accept)
            response.Headers.Accept = accept;
        return FormatFor(context).WriteAsync(context, refusal);
    }

    /// <summary>Logs and counts a refusal that has no response of its own, such as that of one image of a batch.</summary>
    public void Record(HttpContext context, FailureResponse failure, string requestId)
    {
        if (context.Features.Get<WarmUpMark>() is not null)
            return;
        metrics.Refused(failure.Code, failure.Status);
        var request = context.Request;
        Log.RequestRefused(logger, failure.Level, request.Method, request.Path, failure.Status, failure.Code, requestId);
    }

    private IFailureFormat FormatFor(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IFailureFormat>()
        ?? Array.Find(_formats, format => format.Speaks(context.Request))
        ?? ProblemFormat.Instance;
}
