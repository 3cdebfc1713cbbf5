using System.Net;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenInference.Rpc;

/// <summary>Every refusal over gRPC has the table's status and code, one log line and one count.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class RpcRefusalTests(SharedService shared) : IDisposable
{
    private readonly RpcClient _client = RpcClient.Of(shared.Service);

    public void Dispose() => _client.Dispose();

    public static TheoryData<string, string> Wrong =>
        new()
        {
            { "shape", "shape" },
            { "axes", "more than 8 axes" },
            { "negative", "rows" },
            { "datatype", "FP64" },
            { "other datatype", "Float32" },
            { "input name", "'input'" },
            { "output name", "'other'" },
            { "no input", "has 0" },
            { "two inputs", "has 2" },
            { "too few bytes", "there are 764" },
            { "two contents", "2 entries" },
            { "both forms", "either" },
            { "no form", "either" },
            { "wrong list", "there are 0" },
            { "classification", "'classification'" },
            { "priority", "'priority'" },
            { "timeout", "'timeout'" },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task ModelInfer_WrongRequest_IsInvalidArgumentThatSaysWhy(string mistake, string said)
    {
        var refusal = await _client.InferAsync(With(mistake)).RefusedAsync(StatusCode.InvalidArgument, "invalid-tensor");
        Assert.Contains(said, refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "")]
    [InlineData("colors", "9")]
    [InlineData("größer 100 %", "")]
    public async Task ModelInfer_UnknownModelOrVersion_IsNotFound(string name, string version)
    {
        var request = RpcTensor.Raw(Tensor.Red);
        (request.ModelName, request.ModelVersion) = (name, version);
        using var refusals = new CounterProbe(shared.Service, "saccade.http.refusals");
        var refusal = await _client
            .InferAsync(request, new() { { "x-request-id", $"unknown {name.Length}{version}" } })
            .RefusedAsync(StatusCode.NotFound, "unknown-model");

        Assert.Contains($"'{name}'", refusal.Status.Detail, StringComparison.Ordinal);
        Assert.Null(refusal.Trailers.Get("grpc-retry-pushback-ms"));
        Assert.Equal(1, refusals.Sum("code", "unknown-model"));
        var line = Assert.Single(
            shared.Service.Logs.Entries,
            entry => entry.Message.EndsWith($"request unknown {name.Length}{version}", StringComparison.Ordinal)
        );
        Assert.Contains("POST /inference.GRPCInferenceService/ModelInfer: 404 unknown-model", line.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inference.GRPCInferenceService")]
    [InlineData("inference.Elsewhere")]
    public async Task Call_UnknownServiceOrMethod_IsUnimplemented(string name)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() =>
            _client.CallAsync<ServerLiveResponse>("CudaSharedMemoryStatus", new ServerLiveRequest(), service: name)
        );
        Assert.Equal((StatusCode.Unimplemented, "route-not-found"), (refusal.StatusCode, refusal.Trailers.GetValue("x-error-code")));
    }

    [Fact]
    public async Task Call_UnknownMethod_IsAnsweredByTheProtocolNotByHttp()
    {
        using var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.ContentType = new("application/grpc");
        using var response = await shared.Service.Client().PostAsync("/inference.GRPCInferenceService/Elsewhere", content).Guarded();
        Assert.Equal((HttpStatusCode.OK, "12"), (response.StatusCode, Assert.Single(response.Headers.GetValues("grpc-status"))));
    }

    [Theory]
    [InlineData("It's 'a;b' (c) ~", "It's 'a;b' (c) ~")]
    [InlineData("100 %", "100 %25")]
    [InlineData("größer\n", "gr%C3%B6%C3%9Fer%0A")]
    public void Escape_Message_LeavesPrintableAsciiAlone(string message, string escaped) =>
        Assert.Equal(escaped, RpcFailureFormat.Escape(message));

    [Fact]
    public async Task ModelInfer_MessageBeyondTheLimit_IsResourceExhaustedOnceCounted()
    {
        await using var service = await Service.StartAsync(
            new() { ["Limits:MaxBodyBytes"] = "1024", ["Limits:MaxBatchBodyBytes"] = "1024" }
        );
        using var client = RpcClient.Of(service);
        using var refusals = new CounterProbe(service, "saccade.http.refusals");
        Assert.Equal(Tensor.RedLogits, (await client.InferAsync(RpcTensor.Raw(Tensor.Red))).RawNumbers());
        await client.InferAsync(RpcTensor.Raw(Tensor.Red, Tensor.Red)).RefusedAsync(StatusCode.ResourceExhausted, "body-too-large");
        Assert.Equal(1, refusals.Sum("code", "body-too-large"));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 3, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 })]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[0])]
    public async Task ModelInfer_NoMessage_IsInvalidArgument(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/inference.GRPCInferenceService/ModelInfer")
        {
            Content = content,
            Version = HttpVersion.Version20,
        };
        using var response = await shared.Service.Client().SendAsync(request).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("3", Assert.Single(response.Headers.GetValues("grpc-status")));
        Assert.Equal("malformed-body", Assert.Single(response.Headers.GetValues("x-error-code")));
    }

    [Fact]
    public async Task ModelInfer_MoreAtOnceThanTheLimit_IsResourceExhaustedWithPushback()
    {
        await using var service = await Service.StartAsync(
            new() { ["Limits:MaxConcurrentRequests"] = "1" },
            GatedModel.Create(out var session)
        );
        using var client = RpcClient.Of(service);
        session.Hold();
        using var running = client.StartInfer(RpcTensor.Raw(Tensor.Red));
        await session.NextRunAsync();

        var refusal = await client.InferAsync(RpcTensor.Raw(Tensor.Red)).RefusedAsync(StatusCode.ResourceExhausted, "too-many-requests");
        Assert.Equal(("1000", "1"), (refusal.Trailers.GetValue("grpc-retry-pushback-ms"), refusal.Trailers.GetValue("retry-after")));
        session.Open();
        Assert.Single((await running.ResponseAsync.Guarded()).RawOutputContents);
    }

    [Fact]
    public async Task ModelInfer_HttpTakesThePlaces_IsResourceExhausted()
    {
        await using var service = await Service.StartAsync(
            new() { ["Limits:MaxConcurrentRequests"] = "1" },
            GatedModel.Create(out var session)
        );
        using var client = RpcClient.Of(service);
        session.Hold();
        var running = service.Client().PostAsync("/classify", Payload.Form(Payload.RedPng));
        await session.NextRunAsync();

        await client.InferAsync(RpcTensor.Raw(Tensor.Red)).RefusedAsync(StatusCode.ResourceExhausted, "too-many-requests");
        session.Open();
        using var answered = await running.Guarded();
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Single((await client.InferAsync(RpcTensor.Raw(Tensor.Red)).Guarded()).RawOutputContents);
    }

    [Fact]
    public async Task ModelInfer_AMessageThatArrives_TakesOfTheMemoryOfAllBodiesUntilItsCallEnds()
    {
        const int Longest = 64 * 1024;
        await using var service = await Service.StartAsync(
            new()
            {
                ["Limits:MaxBodyBytes"] = $"{Longest}",
                ["Limits:MaxBatchBodyBytes"] = $"{Longest}",
                ["Limits:BodyMemory"] = $"{2 * Longest}",
            }
        );
        var client = service.Client();
        var rest = new TaskCompletionSource();
        var arriving = HoldAsync();
        // It is refused itself if it comes while the question whether it has been read is being answered.
        HttpResponseMessage refused;
        while ((refused = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded()).IsSuccessStatusCode)
        {
            refused.Dispose();
            if (arriving.IsCompleted)
                arriving = HoldAsync();
        }

        using (refused)
            Assert.Equal("too-many-requests", await refused.CodeAsync());
        using var rpc = RpcClient.Of(service);
        await rpc.InferAsync(RpcTensor.Raw(Tensor.Red)).RefusedAsync(StatusCode.ResourceExhausted, "too-many-requests");

        rest.TrySetResult();
        using var malformed = await arriving.Guarded();
        Assert.Equal("malformed-body", Assert.Single(malformed.Headers.GetValues("x-error-code")));
        Assert.Single((await rpc.InferAsync(RpcTensor.Raw(Tensor.Red)).Guarded()).RawOutputContents);

        Task<HttpResponseMessage> HoldAsync()
        {
            byte[] message =
            [
                0,
                .. BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder(Longest - 21)),
                .. new byte[Longest - 21],
            ];
            var request = new HttpRequestMessage(HttpMethod.Post, "/inference.GRPCInferenceService/ModelInfer")
            {
                Content = new HeldBody(message, rest.Task, "application/grpc"),
                Version = HttpVersion.Version20,
            };
            return client.SendAsync(request);
        }
    }

    [Fact]
    public async Task ModelInfer_QueueFull_IsResourceExhaustedWithPushback()
    {
        await using var service = await Service.StartAsync(
            new() { ["Batching:QueueCapacity"] = "10", ["Batching:MaxBatchSize"] = "4" },
            GatedModel.Create(out var session)
        );
        using var client = RpcClient.Of(service);
        session.Hold();
        var burst = Enumerable.Range(0, 8).Select(_ => client.InferAsync(RpcTensor.Raw([.. Enumerable.Repeat(Tensor.Red, 5)]))).ToList();
        // The first answer while the network is held can only be a refusal.
        var refusal = await (await Task.WhenAny(burst).Guarded()).RefusedAsync(StatusCode.ResourceExhausted, "queue-full");
        Assert.True(int.Parse(refusal.Trailers.GetValue("grpc-retry-pushback-ms")!, System.Globalization.CultureInfo.InvariantCulture) > 0);
        session.Open();
        await Task.WhenAll(burst.Select(call => call.ContinueWith(_ => { }, TaskScheduler.Default))).Guarded();
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(0, 4)]
    [InlineData(4, 5)]
    [InlineData(5, 4)]
    public async Task ModelInfer_DeadlineOfTheCallAndTimeout_TheEarlierIsTheRequests(int callMinutes, int timeoutMinutes)
    {
        var clock = new FakeTimeProvider();
        var gated = GatedModel.Create(out var session);
        await using var service = await Service.StartAsync(configure: services =>
        {
            gated(services);
            services.AddSingleton<TimeProvider>(clock);
        });
        using var client = RpcClient.Of(service);
        session.Hold();
        // Longer than any test takes, shorter than what is kept of a deadline: by the service's clock it passes at once, and the client's
        // own does not.
        var request = RpcTensor.Raw(Tensor.Red);
        if (timeoutMinutes > 0)
            request.Parameters["timeout"] = new() { Int64Param = timeoutMinutes * 60_000_000L };
        using var call = client.StartInfer(request, callMinutes > 0 ? DateTime.UtcNow.AddMinutes(callMinutes) : null);
        await session.NextRunAsync();
        clock.Advance(TimeSpan.FromMinutes(3));
        Assert.False(call.ResponseAsync.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(1));
        await call.ResponseAsync.RefusedAsync(StatusCode.DeadlineExceeded, "deadline-exceeded");
        session.Open();
    }

    [Fact]
    public async Task ModelInfer_ServiceThatStops_FinishesWhatItAcceptedAndRefusesNewCalls()
    {
        await using var service = await Service.StartAsync(configure: GatedModel.Create(out var session));
        using var client = RpcClient.Of(service);
        session.Hold();
        using var running = client.StartInfer(RpcTensor.Raw(Tensor.Red));
        await session.NextRunAsync();
        service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await service.Logs.FirstAsync("DrainStarted", "1 accepted");

        var refusal = await client.InferAsync(RpcTensor.Raw(Tensor.Red)).RefusedAsync(StatusCode.Unavailable, "shutting-down");
        Assert.Equal("5000", refusal.Trailers.GetValue("grpc-retry-pushback-ms"));
        Assert.False((await client.CallAsync<ServerReadyResponse>("ServerReady", new ServerReadyRequest())).Ready);
        session.Open();
        Assert.Single((await running.ResponseAsync.Guarded()).RawOutputContents);
        await service.Logs.FirstAsync("Drained");
    }

    [Fact]
    public async Task ModelInfer_Defect_IsInternalAndSaysNoMore()
    {
        await using var service = await Service.StartAsync(configure: static services =>
            services.Configure<GrpcServiceOptions>(static grpc => grpc.Interceptors.Add<Defect>())
        );
        using var client = RpcClient.Of(service);
        var refusal = await client.InferAsync(RpcTensor.Raw(Tensor.Red)).RefusedAsync(StatusCode.Internal, "internal-error");
        Assert.DoesNotContain(Defect.Secret, refusal.Status.Detail, StringComparison.Ordinal);
        var line = await service.Logs.FirstAsync("RequestFailed", "POST /inference.GRPCInferenceService/ModelInfer met a defect");
        Assert.EndsWith($"request {refusal.Trailers.GetValue("x-request-id")}", line.Message, StringComparison.Ordinal);
    }

    private static ModelInferRequest With(string mistake)
    {
        var request = RpcTensor.Raw(Tensor.Red);
        var input = request.Inputs[0];
        switch (mistake)
        {
            case "shape":
                input.Shape[3] = 9;
                break;
            case "axes":
                input.Shape.AddRange([1, 1, 1, 1, 1]);
                break;
            case "negative":
                input.Shape[0] = -1;
                break;
            case "datatype":
                input.Datatype = "FP64";
                break;
            case "other datatype":
                input.Datatype = "UINT8";
                break;
            case "input name":
                input.Name = "other";
                break;
            case "output name":
                request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "other" });
                break;
            case "no input":
                request.Inputs.Clear();
                break;
            case "two inputs":
                request.Inputs.Add(input.Clone());
                break;
            case "too few bytes":
                request.RawInputContents[0] = ByteString.CopyFrom(request.RawInputContents[0].Span[4..]);
                break;
            case "two contents":
                request.RawInputContents.Add(ByteString.Empty);
                break;
            case "both forms":
                input.Contents = new();
                break;
            case "no form":
                request.RawInputContents.Clear();
                break;
            case "wrong list":
                request.RawInputContents.Clear();
                input.Contents = new() { Fp64Contents = { 1 } };
                break;
            case "classification":
                request.Outputs.Add(
                    new ModelInferRequest.Types.InferRequestedOutputTensor
                    {
                        Name = "logits",
                        Parameters = { ["classification"] = new() { StringParam = "2" } },
                    }
                );
                break;
            case "priority":
                request.Parameters["priority"] = new() { DoubleParam = 1 };
                break;
            case "timeout":
                request.Parameters["timeout"] = new() { Uint64Param = ulong.MaxValue };
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(mistake), mistake, message: null);
        }

        return request;
    }

    private sealed class Defect : Interceptor
    {
        public const string Secret = "the innermost state";

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation
        ) => throw new InvalidOperationException(Secret);
    }
}
