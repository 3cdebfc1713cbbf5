using System.Globalization;
using System.Text;
using Grpc.Core;
using Saccade.Api.Errors;
using Saccade.Inference;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>How a refusal is told to a client of gRPC: a status, and trailers with what else a problem document would say.</summary>
internal sealed class RpcFailureFormat : IFailureFormat
{
    public const string StatusTrailer = "grpc-status";
    public const string MessageTrailer = "grpc-message";

    /// <summary>The failure's stable code.</summary>
    public const string CodeTrailer = "x-error-code";

    /// <summary>Milliseconds until a client that retries by itself should; the protocol's own trailer.</summary>
    public const string PushbackTrailer = "grpc-retry-pushback-ms";

    private const string ContentType = "application/grpc";

    private static readonly FailureResponse[] Unserved =
    [
        FailureResponses.For(ApiFailure.RouteNotFound),
        FailureResponses.For(ApiFailure.MethodNotAllowed),
        FailureResponses.For(ApiFailure.UnsupportedMediaType),
    ];

    /// <inheritdoc/>
    public bool Speaks(HttpRequest request) =>
        request.ContentType is { } type
        && (
            type.Equals(ContentType, StringComparison.OrdinalIgnoreCase)
            || type.StartsWith($"{ContentType}+", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Makes the head of the response the whole answer ("trailers only": the trailers stand among the headers).</summary>
    public Task WriteAsync(HttpContext context, Refusal refusal)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers[StatusTrailer] = ((int)StatusOf(refusal.Response)).ToString(CultureInfo.InvariantCulture);
        response.Headers[MessageTrailer] = Escape(refusal.Detail);
        response.Headers[CodeTrailer] = refusal.Response.Code;
        if (refusal.RetryAfter is { } wait)
            response.Headers[PushbackTrailer] = ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    /// <summary>The status of gRPC for a failure.</summary>
    public static StatusCode StatusOf(FailureResponse failure)
    {
        if (failure.OfImage)
            return StatusCode.InvalidArgument;
        if (Unserved.Contains(failure))
            return StatusCode.Unimplemented;
        // "The client should not retry until the system state has been explicitly fixed"; it would after UNAVAILABLE.
        if (failure == FailureResponses.For(ClassifyFailure.ModelBroken))
            return StatusCode.FailedPrecondition;
        return failure.Status switch
        {
            StatusCodes.Status400BadRequest => StatusCode.InvalidArgument,
            StatusCodes.Status401Unauthorized => StatusCode.Unauthenticated,
            StatusCodes.Status403Forbidden => StatusCode.PermissionDenied,
            StatusCodes.Status404NotFound => StatusCode.NotFound,
            StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout => StatusCode.DeadlineExceeded,
            StatusCodes.Status413PayloadTooLarge
            or StatusCodes.Status414UriTooLong
            or StatusCodes.Status429TooManyRequests
            or StatusCodes.Status431RequestHeaderFieldsTooLarge => StatusCode.ResourceExhausted,
            StatusCodes.Status422UnprocessableEntity => StatusCode.FailedPrecondition,
            StatusCodes.Status499ClientClosedRequest => StatusCode.Cancelled,
            StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
            _ => StatusCode.Internal,
        };
    }

    /// <summary>Percent-encodes the bytes of UTF-8 that the protocol's rule names: all but printable ASCII, and the percent sign.</summary>
    public static string Escape(string message)
    {
        var escaped = new StringBuilder(message.Length);
        foreach (var one in Encoding.UTF8.GetBytes(message))
        {
            if (one is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
                escaped.Append((char)one);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
        }

        return escaped.ToString();
    }
}
