using Microsoft.Net.Http.Headers;
using Saccade.Api.Requests;
using Saccade.Api.Shutdown;

namespace Saccade.Api.Middleware;

/// <summary>Outermost middleware: names the request, notes its arrival, and puts <c>X-Request-Id</c> and <c>Server-Timing</c> on every
/// answer.</summary>
internal sealed class RequestHeaders(RequestDelegate next, TimeProvider clock, DrainGate gate)
{
    public Task InvokeAsync(HttpContext context)
    {
        var progress = new RequestProgress(RequestId.Choose(context.Request.Headers[RequestId.Header]), clock.GetTimestamp());
        context.Features.Set(progress);
        context.TraceIdentifier = progress.Id;
        // At the start of the response, not now: error handling clears the headers set before.
        context.Response.OnStarting(() =>
        {
            WriteHeaders(context, progress);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private void WriteHeaders(HttpContext context, RequestProgress progress)
    {
        var headers = context.Response.Headers;
        headers[RequestId.Header] = progress.Id;
        headers[ServerTiming.Header] = progress.Timings is { } timings
            ? ServerTiming.Format(timings)
            : ServerTiming.Format(clock.GetElapsedTime(progress.ArrivedAt));
        if (gate.IsClosed && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            // A kept-alive connection would be cut a moment later, perhaps with a request on its way.
            headers[HeaderNames.Connection] = "close";
        }
    }
}
