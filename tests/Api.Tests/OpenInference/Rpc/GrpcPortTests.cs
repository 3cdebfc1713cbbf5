using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.Support;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.Api.Tests.OpenInference.Rpc;

/// <summary>HTTP/2 without TLS on a port of its own.</summary>
public sealed class GrpcPortTests
{
    [Fact]
    public async Task Port_Configured_ServesCallsBesideHttp()
    {
        var port = FreePort.Next();
        await using var service = await Service.ListenAsync(Port(port));
        using var client = RpcClient.Of(port);
        Assert.Equal(Tensor.BlueLogits, (await client.InferAsync(RpcTensor.Raw(Tensor.Blue))).RawNumbers());
        await client.InferAsync(new() { ModelName = "nobody" }).RefusedAsync(StatusCode.NotFound, "unknown-model");

        var addresses = service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        using var browser = new HttpClient { BaseAddress = new(Assert.Single(addresses, address => new Uri(address).Port != port)) };
        using var http = await browser.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal("red", (await http.JsonAsync()).TopLabel());
    }

    [Fact]
    public async Task Port_MessageBeyondTheServersOwnLimit_IsRead()
    {
        var port = FreePort.Next();
        await using var service = await Service.ListenAsync(Port(port));
        using var client = RpcClient.Of(port);
        var request = RpcTensor.Head(1);
        request.RawInputContents.Add(ByteString.CopyFrom(new byte[31_000_000]));
        var refusal = await client.InferAsync(request).RefusedAsync(StatusCode.InvalidArgument, "invalid-tensor");
        Assert.Contains("there are 31000000", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_CallCancelledByTheClient_LeavesTheQueue()
    {
        var port = FreePort.Next();
        await using var service = await Service.ListenAsync(Port(port), GatedModel.Create(out var session));
        using var client = RpcClient.Of(port);
        session.Hold();
        using var running = client.StartInfer(RpcTensor.Raw(Tensor.Red));
        await session.NextRunAsync();
        using var cancel = new CancellationTokenSource();
        using var waiting = client.StartInfer(RpcTensor.Raw(Tensor.Blue), cancellationToken: cancel.Token);
        await service.InsideAsync(2);
        await cancel.CancelAsync();
        var given = await Assert.ThrowsAsync<RpcException>(() => waiting.ResponseAsync.Guarded());
        Assert.Equal(StatusCode.Cancelled, given.StatusCode);
        await service.Logs.FirstAsync("RequestRefused", "499 client-closed-request");
        session.Open();
        await running.ResponseAsync.Guarded();
        Assert.Equal([1], session.Runs);
    }

    [Fact]
    public async Task Port_CallPastItsDeadline_EndsForBothSides()
    {
        var port = FreePort.Next();
        await using var service = await Service.ListenAsync(Port(port), GatedModel.Create(out var session));
        using var client = RpcClient.Of(port);
        session.Hold();
        using var running = client.StartInfer(RpcTensor.Raw(Tensor.Red));
        await session.NextRunAsync();
        var late = await Assert.ThrowsAsync<RpcException>(() =>
            client.InferAsync(RpcTensor.Raw(Tensor.Blue), deadline: DateTime.UtcNow.AddMilliseconds(50))
        );
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        session.Open();
        await running.ResponseAsync.Guarded();
        Assert.Equal([1], session.Runs);
    }

    [Theory]
    [InlineData("urls", "http://localhost:8080", "http://localhost:8080;http://localhost:8081")]
    [InlineData("urls", "http://*:80;https://*:443", "http://*:80;https://*:443;http://*:8081")]
    [InlineData(
        "urls",
        "http://[::1]:80; http://127.0.0.1:80",
        "http://[::1]:80; http://127.0.0.1:80;http://[::1]:8081;http://127.0.0.1:8081"
    )]
    [InlineData(
        "urls",
        "http://unix:/run/saccade.sock;http://localhost:80",
        "http://unix:/run/saccade.sock;http://localhost:80;http://localhost:8081"
    )]
    [InlineData("http_ports", "8080", "8080;8081")]
    public void UseGrpcPort_AddressesOfHttp_HaveThePortBesideThem(string setting, string given, string complete)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Grpc:Port", "8081"), new(setting, given)]);
        builder.UseGrpcPort();
        Assert.Equal(complete, builder.Configuration[setting]);
    }

    [Theory]
    [InlineData("0", "Grpc:Port")]
    [InlineData("65536", "Grpc:Port")]
    [InlineData("eighty", "'eighty', which is not a whole number")]
    [InlineData("8080", "Grpc:Port is 8080, where HTTP is served already.", "urls", "http://localhost:1;http://0.0.0.0:8080")]
    [InlineData("8080", "Grpc:Port is 8080, where HTTP is served already.", "http_ports", "80;8080")]
    [InlineData("8081", "Kestrel:Endpoints", "Kestrel:Endpoints:Http:Url", "http://localhost:8080")]
    public async Task Port_ThatCannotBe_StopsTheStart(string port, string said, string? setting = null, string? value = null)
    {
        var settings = new Dictionary<string, string?> { ["Grpc:Port"] = port };
        if (setting is not null)
            settings[setting] = value;
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => Service.StartAsync(settings));
        Assert.Contains(said, mistake.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Port(int port) => new() { ["Grpc:Port"] = $"{port}" };
}
