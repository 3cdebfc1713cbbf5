using System.Net;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.OpenInference;
using Saccade.Api.Tests.OpenInference.Rpc;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Access;

/// <summary>A service that asks for keys.</summary>
public sealed class KeysTests : IAsyncLifetime
{
    private const string ShopKey = "sk_shop_0123456789abcdef";
    private const string OpsKey = "sk_ops_0123456789abcdef";

    private Service? _service;

    private Service Running => _service ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() =>
        _service = await Service.StartAsync(Settings.Keys(("shop", ShopKey, "classify"), ("ops", OpsKey, "Admin")));

    public async Task DisposeAsync() => await Running.DisposeAsync();

    [Theory]
    [InlineData("X-Api-Key", ShopKey, null)]
    [InlineData("X-Api-Key", OpsKey, null)]
    [InlineData("Authorization", "Bearer " + ShopKey, null)]
    [InlineData("Authorization", "bearer " + ShopKey, null)]
    [InlineData("Authorization", null, "Bearer realm=\"saccade\"")]
    [InlineData("Authorization", "Basic " + ShopKey, "Bearer realm=\"saccade\"")]
    [InlineData("Authorization", "Bearer wrong", "Bearer realm=\"saccade\", error=\"invalid_token\"")]
    [InlineData("X-Api-Key", "wrong", "Bearer realm=\"saccade\", error=\"invalid_token\"")]
    public async Task Compute_EveryRoute_TakesAKey(string header, string? value, string? challenge)
    {
        var client = Running.Client();
        foreach (var path in new[] { "/classify", "/classify/batch", "/v2/models/colors/infer", "/v2/models/colors/versions/1/infer" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = path.StartsWith("/v2", StringComparison.Ordinal)
                    ? Payload.Json(Tensor.Json(Tensor.Red))
                    : Payload.Form(Payload.RedPng),
            };
            if (value is not null)
                request.Headers.TryAddWithoutValidation(header, value);
            using var response = await client.SendAsync(request).Guarded();
            Assert.Equal(challenge is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal(challenge ?? "", response.Headers.WwwAuthenticate.ToString());
            if (challenge is not null && !path.StartsWith("/v2", StringComparison.Ordinal))
                Assert.Equal("api-key-required", await response.CodeAsync());
        }

        Assert.DoesNotContain(Running.Logs.Entries, static entry => entry.Message.Contains(ShopKey, StringComparison.Ordinal));
        // A line for each refusal, and none beside it.
        var lines = Running.Logs.Entries.Where(static entry => entry.Level > LogLevel.Debug).ToArray();
        Assert.Equal(challenge is null ? 0 : 4, lines.Count(static entry => entry.Id.Name == "RequestRefused"));
        Assert.DoesNotContain(lines, static entry => entry.Category.Contains("Auth", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compute_TwoKeysAtOnce_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/classify") { Content = Payload.Form(Payload.RedPng) };
        request.Headers.Add("X-Api-Key", [ShopKey, "other"]);
        using var response = await Running.Client().SendAsync(request).Guarded();
        Assert.Equal("api-key-required", await response.CodeAsync());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/models")]
    [InlineData("/models/colors")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    [InlineData("/swagger/v1/swagger.json")]
    [InlineData("/v2")]
    [InlineData("/v2/health/ready")]
    [InlineData("/v2/models/colors")]
    [InlineData("/v2/models/colors/stats")]
    public async Task Read_WithoutAKey_IsAnswered(string path)
    {
        using var response = await Running.Client().GetAsync(new Uri(path, UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, "admin-key-required")]
    [InlineData("wrong", HttpStatusCode.Unauthorized, "admin-key-required")]
    [InlineData(ShopKey, HttpStatusCode.Forbidden, "key-not-allowed")]
    [InlineData(OpsKey, HttpStatusCode.NotFound, "unknown-model")]
    public async Task Change_ByRole_IsLetIn(string? key, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/models/nobody/load");
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        using var response = await Running.Client().SendAsync(request).Guarded();
        Assert.Equal((status, code), (response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task Change_NoKeyOfTheRoleConfigured_IsSwitchedOff()
    {
        await using var service = await Service.StartAsync(Settings.Keys(("shop", ShopKey, "Classify")));
        foreach (var key in new[] { null, ShopKey })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/models/nobody/load");
            if (key is not null)
                request.Headers.Add("X-Api-Key", key);
            using var response = await service.Client().SendAsync(request).Guarded();
            Assert.Equal((HttpStatusCode.Forbidden, "admin-not-allowed"), (response.StatusCode, await response.CodeAsync()));
        }
    }

    [Fact]
    public async Task Calls_OverGrpc_TakeAKey()
    {
        using var client = RpcClient.Of(Running);
        await client.InferAsync(RpcTensor.Raw(Tensor.Red)).RefusedAsync(StatusCode.Unauthenticated, "api-key-required");
        await client
            .InferAsync(RpcTensor.Raw(Tensor.Red), new() { { "x-api-key", "wrong" } })
            .RefusedAsync(StatusCode.Unauthenticated, "api-key-required");
        foreach (
            var headers in new Metadata[]
            {
                new() { { "x-api-key", ShopKey } },
                new() { { "authorization", $"Bearer {ShopKey}" } },
            }
        )
            Assert.Equal(Tensor.RedLogits, (await client.InferAsync(RpcTensor.Raw(Tensor.Red), headers)).RawNumbers());
        await client
            .CallAsync<RepositoryModelLoadResponse>(
                "RepositoryModelLoad",
                new RepositoryModelLoadRequest { ModelName = "nobody" },
                new() { { "x-api-key", ShopKey } }
            )
            .RefusedAsync(StatusCode.PermissionDenied, "key-not-allowed");
        Assert.True((await client.CallAsync<ServerReadyResponse>("ServerReady", new ServerReadyRequest())).Ready);
    }

    [Fact]
    public async Task Streams_OverGrpc_TakeAKey()
    {
        using var client = RpcClient.Of(Running);
        using var stranger = client.Duplex<ModelStreamInferResponse>("ModelStreamInfer");
        var refused = await Assert.ThrowsAsync<RpcException>(() => stranger.ResponseStream.MoveNext(default).Guarded());
        Assert.Equal((StatusCode.Unauthenticated, "api-key-required"), (refused.StatusCode, refused.Trailers.GetValue("x-error-code")));

        using var shop = client.Duplex<ModelStreamInferResponse>("ModelStreamInfer", headers: new() { { "x-api-key", ShopKey } });
        await shop.RequestStream.WriteAsync(RpcTensor.Raw(Tensor.Red)).Guarded();
        Assert.True(await shop.ResponseStream.MoveNext(default).Guarded());
        Assert.Equal(Tensor.RedLogits, shop.ResponseStream.Current.InferResponse.RawNumbers());
    }

    [Fact]
    public void Start_WhatTheServiceSendsItself_NeedsNoKey()
    {
        var sent = Running.Logs.Entries.Where(static entry => entry.Id.Name == "WarmedUp").ToArray();
        Assert.Equal(4, sent.Count(static entry => entry.Message.Contains(": 200, ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Name", "", "needs a name")]
    [InlineData("Name", "a b", "needs a name")]
    [InlineData("Sha256", ShopKey, "64 hexadecimal digits")]
    [InlineData("Role", "3", "not one of Classify, Admin")]
    [InlineData("RequestsPerSecond", "0", "RequestsPerSecond must be between")]
    [InlineData("Burst", "3", "has no effect without")]
    public async Task List_WithAMistake_StopsTheStart(string member, string value, string said)
    {
        var settings = Settings.Keys(("shop", ShopKey, "Classify"));
        settings[$"Keys:List:0:{member}"] = value;
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => Service.StartAsync(settings));
        Assert.Contains($"Keys:List:0", mistake.Message, StringComparison.Ordinal);
        Assert.Contains(said, mistake.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ShopKey, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_SameNameOrKeyTwice_StopsTheStart()
    {
        var names = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Service.StartAsync(Settings.Keys(("shop", ShopKey, "Classify"), ("Shop", OpsKey, "Classify")))
        );
        Assert.Contains("several keys named 'shop'", names.Message, StringComparison.Ordinal);
        var keys = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Service.StartAsync(Settings.Keys(("one", ShopKey, "Classify"), ("two", ShopKey, "Classify")))
        );
        Assert.Contains("same key under several names", keys.Message, StringComparison.Ordinal);
    }
}
