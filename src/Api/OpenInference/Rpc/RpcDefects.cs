using Grpc.Core;
using Grpc.Core.Interceptors;
using Saccade.Api.Errors;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>Turns what a call's method throws into a refusal: bad tensors, callers that hung up, and defects.</summary>
internal sealed class RpcDefects(ExceptionFailures defects) : Interceptor
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            var http = context.GetHttpContext();
            throw RpcFailure.Of(OipInference.Explain(e, http) ?? defects.OfDefect(http, e), http);
        }
    }
}
