using Grpc.Core;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenInference.Rpc;

/// <summary>Calls that stream: many requests in one, and the server's own description.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class RpcStreamTests(SharedService shared) : IDisposable
{
    private const string Reflection = "grpc.reflection.v1alpha.ServerReflection";

    private readonly RpcClient _client = RpcClient.Of(shared.Service);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task ModelStreamInfer_ManyRequests_AreAnsweredInOrderAndARefusalEndsNothing()
    {
        using var refusals = new CounterProbe(shared.Service, "saccade.http.refusals");
        using var call = _client.Duplex<ModelStreamInferResponse>("ModelStreamInfer");
        for (var i = 0; i < 3 * RpcInferStream.MostInFlight; i++)
        {
            var request =
                i % 7 == 3 ? new ModelInferRequest { ModelName = "nobody" } : RpcTensor.Raw(i % 2 == 0 ? Tensor.Red : Tensor.Blue);
            request.Id = $"{i}";
            await call.RequestStream.WriteAsync(request).Guarded();
        }

        await call.RequestStream.CompleteAsync().Guarded();
        for (var i = 0; i < 3 * RpcInferStream.MostInFlight; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(default).Guarded());
            var answer = call.ResponseStream.Current;
            Assert.Equal($"{i}", answer.InferResponse.Id);
            if (i % 7 == 3)
                Assert.Contains("'nobody'", answer.ErrorMessage, StringComparison.Ordinal);
            else
                Assert.Equal(("", i % 2 == 0 ? 20 : 0), (answer.ErrorMessage, answer.InferResponse.RawNumbers()[0]));
        }

        Assert.False(await call.ResponseStream.MoveNext(default).Guarded());
        Assert.Equal(7, refusals.Sum("code", "unknown-model"));
    }

    [Fact]
    public async Task ModelStreamInfer_WrongRequest_IsToldWhy()
    {
        using var call = _client.Duplex<ModelStreamInferResponse>("ModelStreamInfer");
        await call.RequestStream.WriteAsync(RpcTensor.Head(1)).Guarded();
        Assert.True(await call.ResponseStream.MoveNext(default).Guarded());
        Assert.Contains("either in 'contents'", call.ResponseStream.Current.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelStreamInfer_ServiceThatStops_AnswersWhatItReadAndEndsTheCall()
    {
        await using var service = await Service.StartAsync(configure: GatedModel.Create(out var session));
        using var client = RpcClient.Of(service);
        session.Hold();
        using var call = client.Duplex<ModelStreamInferResponse>("ModelStreamInfer");
        await call.RequestStream.WriteAsync(RpcTensor.Raw(Tensor.Red)).Guarded();
        await session.NextRunAsync();
        service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await service.Logs.FirstAsync("DrainStarted", "1 accepted");

        session.Open();
        Assert.True(await call.ResponseStream.MoveNext(default).Guarded());
        Assert.Equal(Tensor.RedLogits, call.ResponseStream.Current.InferResponse.RawNumbers());
        var ended = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default).Guarded());
        Assert.Equal(StatusCode.Unavailable, ended.StatusCode);
        await service.Logs.FirstAsync("Drained");
    }

    [Fact]
    public async Task Reflection_ListsTheServices()
    {
        using var call = _client.Duplex<ServerReflectionResponse>("ServerReflectionInfo", Reflection);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }).Guarded();
        Assert.True(await call.ResponseStream.MoveNext(default).Guarded());
        Assert.Equal(
            ["grpc.health.v1.Health", Reflection, "inference.GRPCInferenceService"],
            call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)
                .Where(name => !name.EndsWith(".v1.ServerReflection", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        await call.RequestStream.CompleteAsync().Guarded();
    }
}
