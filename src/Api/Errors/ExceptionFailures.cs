using Microsoft.AspNetCore.Diagnostics;
using Saccade.Api.Requests;

namespace Saccade.Api.Errors;

/// <summary>Turns an exception into a problem document: the server's own complaints about a request, and defects.</summary>
internal sealed class ExceptionFailures(FailureWriter failures, ILogger<ExceptionFailures> logger) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var refusal = exception is BadHttpRequestException bad ? OfServer(bad) : OfDefect(httpContext, exception);
        await failures.WriteAsync(httpContext, refusal);
        return true;
    }

    private static Refusal OfServer(BadHttpRequestException bad) =>
        bad.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => Refusal.Of(ApiFailure.BodyTooLarge, bad.Message),
            StatusCodes.Status408RequestTimeout => Refusal.Of(ApiFailure.BodyTooSlow, bad.Message),
            _ => Refusal.Of(ApiFailure.MalformedBody, bad.Message),
        };

    /// <summary>Logs a defect of the service, and says no more of it than that to the client.</summary>
    public Refusal OfDefect(HttpContext context, Exception exception)
    {
        var request = context.Request;
        Log.RequestFailed(logger, exception, request.Method, request.Path, RequestProgress.Of(context).Id);
        return Refusal.Of(ApiFailure.Unhandled, "Something went wrong inside the service; the log has it under this request id.");
    }
}
