using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenInference.Rpc;

/// <summary>Calls the service over gRPC. What holds for every response is checked as over HTTP.</summary>
internal sealed class RpcClient(GrpcChannel channel) : IDisposable
{
    private const string Inference = "inference.GRPCInferenceService";

    /// <summary>A client of a service that runs in memory.</summary>
    public static RpcClient Of(Service service, bool mayFail = false) => Of(service.Client(mayFail));

    /// <summary>The same, with <see cref="Service.AdminKey"/>.</summary>
    public static RpcClient OfAdmin(Service service) => Of(service.AdminClient());

    /// <summary>A client of a port without TLS.</summary>
    public static RpcClient Of(int port) => new(GrpcChannel.ForAddress($"http://127.0.0.1:{port}"));

    /// <summary>Calls a method and waits for its answer.</summary>
    public async Task<TResponse> CallAsync<TResponse>(
        string method,
        IMessage request,
        Metadata? headers = null,
        DateTime? deadline = null,
        string service = Inference
    )
        where TResponse : class, IMessage<TResponse>, new()
    {
        using var call = Start<TResponse>(method, request, headers, deadline, service: service);
        return await call.ResponseAsync.Guarded();
    }

    /// <summary>Starts a call.</summary>
    public AsyncUnaryCall<TResponse> Start<TResponse>(
        string method,
        IMessage request,
        Metadata? headers = null,
        DateTime? deadline = null,
        string service = Inference,
        CancellationToken cancellationToken = default
    )
        where TResponse : class, IMessage<TResponse>, new()
    {
        return channel
            .CreateCallInvoker()
            .AsyncUnaryCall(
                Method<TResponse>(MethodType.Unary, service, method),
                host: null,
                new CallOptions(headers, deadline, cancellationToken),
                request
            );
    }

    /// <summary>Starts a call that is answered with a stream.</summary>
    public AsyncServerStreamingCall<TResponse> Stream<TResponse>(string method, IMessage request, string service = Inference)
        where TResponse : class, IMessage<TResponse>, new() =>
        channel
            .CreateCallInvoker()
            .AsyncServerStreamingCall(Method<TResponse>(MethodType.ServerStreaming, service, method), host: null, default, request);

    /// <summary>Starts a call that streams both ways.</summary>
    public AsyncDuplexStreamingCall<IMessage, TResponse> Duplex<TResponse>(
        string method,
        string service = Inference,
        Metadata? headers = null
    )
        where TResponse : class, IMessage<TResponse>, new() =>
        channel
            .CreateCallInvoker()
            .AsyncDuplexStreamingCall(Method<TResponse>(MethodType.DuplexStreaming, service, method), host: null, new CallOptions(headers));

    public Task<ModelInferResponse> InferAsync(ModelInferRequest request, Metadata? headers = null, DateTime? deadline = null) =>
        CallAsync<ModelInferResponse>("ModelInfer", request, headers, deadline);

    public AsyncUnaryCall<ModelInferResponse> StartInfer(
        ModelInferRequest request,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default
    ) => Start<ModelInferResponse>("ModelInfer", request, deadline: deadline, cancellationToken: cancellationToken);

    public void Dispose() => channel.Dispose();

    private static RpcClient Of(HttpClient client) =>
        new(
            GrpcChannel.ForAddress(
                "http://localhost",
                new()
                {
                    HttpClient = client,
                    MaxReceiveMessageSize = null,
                    DisposeHttpClient = true,
                }
            )
        );

    private static Method<IMessage, TResponse> Method<TResponse>(MethodType type, string service, string method)
        where TResponse : class, IMessage<TResponse>, new()
    {
        var requests = Marshallers.Create<IMessage>(
            message => message.ToByteArray(),
            _ => throw new InvalidOperationException("The client reads no requests.")
        );
        var answers = Marshallers.Create<TResponse>(message => message.ToByteArray(), new MessageParser<TResponse>(() => new()).ParseFrom);
        return new(type, service, method, requests, answers);
    }
}
