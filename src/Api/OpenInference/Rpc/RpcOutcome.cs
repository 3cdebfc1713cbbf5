using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Saccade.Api.Bodies;
using Saccade.Api.Errors;
using Saccade.Inference;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>
/// Around every call: its refusal, by the method or by the framework that reads its message, becomes one answer, one log line and one
/// count, as every refusal of the service.
/// </summary>
/// <param name="budget">Memory of all bodies.</param>
/// <param name="longest">Of a message, in bytes as they arrive; the framework keeps the limit of what they are when they are no longer
/// compressed.</param>
internal sealed class RpcOutcome(BodyBudget budget, long longest = long.MaxValue) : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        // The framework keeps the limit of messages. The server's own is one for all routes.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = null;

        using var body = new RpcBody(http, http.Request.BodyReader, budget, longest);
        http.Features.Set<IRequestBodyPipeFeature>(body);
        var result = await next(context);
        return (http.Features.Get<Refusal>() ?? OfFramework(http)) is { } refusal ? new RefusalResult(refusal) : result;
    }

    // What it found wrong before the method saw the message. It has written its status where trailers would stand, and says no more about
    // it.
    private static Refusal? OfFramework(HttpContext http)
    {
        var headers = http.Response.Headers;
        if (
            !int.TryParse(headers[RpcFailureFormat.StatusTrailer], NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            || status == (int)StatusCode.OK
        )
            return null;
        if (http.RequestAborted.IsCancellationRequested)
            return Refusal.Of(ApiFailure.ClientClosedRequest, "The client hung up while it sent the message.");
        var detail = Uri.UnescapeDataString(headers[RpcFailureFormat.MessageTrailer].ToString());
        return (StatusCode)status switch
        {
            StatusCode.ResourceExhausted => Refusal.Of(ApiFailure.BodyTooLarge, detail),
            StatusCode.Unimplemented => Refusal.Of(ApiFailure.UnsupportedMediaType, detail),
            StatusCode.DeadlineExceeded => Refusal.Of(
                ClassifyFailure.DeadlineExceeded,
                "The deadline passed while the message was arriving."
            ),
            _ => Refusal.Of(ApiFailure.MalformedBody, "The message does not parse."),
        };
    }
}
