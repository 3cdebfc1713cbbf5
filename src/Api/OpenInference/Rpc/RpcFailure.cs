using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Saccade.Api.Errors;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>How a refusal is told to a client of gRPC: a status, and trailers with what else a problem document would say.</summary>
internal static class RpcFailure
{
    public const string ContentType = "application/grpc";
    public const string StatusTrailer = "grpc-status";
    public const string MessageTrailer = "grpc-message";

    /// <summary>The failure's stable code.</summary>
    public const string CodeTrailer = "x-error-code";

    /// <summary>Milliseconds until a client that retries by itself should; the protocol's own trailer.</summary>
    public const string PushbackTrailer = "grpc-retry-pushback-ms";

    /// <summary>Whether a request is a call of gRPC, and to be answered as one.</summary>
    public static bool IsCall(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;

    /// <summary>Ends a call: what is thrown stops the method, and <see cref="RpcOutcome"/> answers with the refusal.</summary>
    public static RpcException Of(Refusal refusal, HttpContext context)
    {
        context.Features.Set(refusal);
        return new RpcException(new Status(refusal.Response.Rpc, refusal.Detail));
    }

    /// <summary>Makes the head of a response an answer without a message ("trailers only": the trailers stand among the headers).</summary>
    public static void Write(HttpResponse response, Refusal refusal)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers[StatusTrailer] = ((int)refusal.Response.Rpc).ToString(CultureInfo.InvariantCulture);
        response.Headers[MessageTrailer] = Uri.EscapeDataString(refusal.Detail);
        response.Headers[CodeTrailer] = refusal.Response.Code;
        if (refusal.RetryAfter is { } wait)
            response.Headers[PushbackTrailer] = ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
    }
}
