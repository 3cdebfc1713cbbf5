using Grpc.Core;
using Grpc.Core.Interceptors;
using Saccade.Api.Errors;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>Turns what a call's method throws into a refusal: bad tensors, callers that hung up, and defects.</summary>
internal sealed class RpcDefects(ExceptionFailures defects) : Interceptor
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Explained(e, context);
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Explained(e, context);
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Explained(e, context);
        }
    }

    private RpcException Explained(Exception exception, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        return RpcFailure.Of(OipInference.Explain(exception, http, context.CancellationToken) ?? defects.OfDefect(http, exception), http);
    }
}
