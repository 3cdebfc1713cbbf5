using System.Net;
using Grpc.Core;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.OpenInference;
using Saccade.Api.Tests.OpenInference.Rpc;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Operations;

/// <summary>A broken bundle among sound ones, over every protocol.</summary>
public sealed class ReadinessTests : IDisposable
{
    private readonly TempModels _models = new TempModels().Colors("colors").Colors("colors", "20240101120000");

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Start_BrokenBundle_NotReadyAndTheOthersAnswer()
    {
        _models.Write("broken", "1", "model.onnx", "no network");
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        var client = service.AdminClient();

        using var ready = await GetAsync(client, "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var reason = (await ready.JsonAsync()).GetProperty("checks")[0].GetProperty("reason").GetString();
        Assert.StartsWith("Model 'broken/1' is not served: ", reason, StringComparison.Ordinal);
        using var protocol = await GetAsync(client, "/v2/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, protocol.StatusCode);
        using var list = await GetAsync(client, "/models");
        Assert.False((await list.JsonAsync()).GetProperty("ready").GetBoolean());

        using var named = await client.PostAsync("/classify?model=colors", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        // "broken" is the first by name.
        foreach (var query in new[] { "", "?model=broken", "?model=broken&version=1" })
        {
            using var refused = await client.PostAsync($"/classify{query}", Payload.Form(Payload.RedPng)).Guarded();
            Assert.Equal((HttpStatusCode.ServiceUnavailable, null), (refused.StatusCode, refused.Headers.RetryAfter));
            Assert.Equal("model-broken", await refused.CodeAsync());
        }

        foreach (var path in new[] { "/v2/models/broken", "/v2/models/broken/ready", "/v2/models/broken/versions/1/ready" })
        {
            using var refused = await GetAsync(client, path);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, null), (refused.StatusCode, refused.Headers.RetryAfter));
        }

        using var rpc = RpcClient.Of(service);
        var request = RpcTensor.Raw(Tensor.Red);
        request.ModelName = "broken";
        var refusal = await rpc.InferAsync(request).RefusedAsync(StatusCode.FailedPrecondition, "model-broken");
        Assert.Null(refusal.Trailers.GetValue("grpc-retry-pushback-ms"));
        Assert.False((await rpc.CallAsync<ServerReadyResponse>("ServerReady", new ServerReadyRequest())).Ready);

        using var unloaded = await client.PostAsync(new Uri("/models/broken/unload", UriKind.Relative), content: null).Guarded();
        Assert.Equal(HttpStatusCode.OK, unloaded.StatusCode);
        using var none = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal("not-ready", await none.CodeAsync());
        Assert.NotNull(none.Headers.RetryAfter);
    }

    [Fact]
    public async Task Start_BrokenBundleAndNotStrict_ReadyWithTheDefaultModel()
    {
        _models.Write("broken", "1", "model.onnx", "no network");
        await using var service = await Service.StartAsync(
            new(_models.Settings) { ["Models:Strict"] = "false", ["Models:Default"] = "colors" }
        );
        using var ready = await GetAsync(service.Client(), "/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Version_OfALongNumber_IsTheSameEverywhere()
    {
        const string Newest = "20240101120000";
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        var client = service.AdminClient();

        foreach (var query in new[] { "", $"?version={Newest}", $"?model=colors&version={Newest}" })
        {
            using var answer = await client.PostAsync($"/classify{query}", Payload.Form(Payload.RedPng)).Guarded();
            Assert.Equal(Newest, (await answer.JsonAsync()).GetProperty("version").GetString());
        }

        using var infer = await client
            .PostAsync($"/v2/models/colors/versions/{Newest}/infer", Payload.Json(Tensor.Json(Tensor.Red)))
            .Guarded();
        Assert.Equal(Newest, (await infer.JsonAsync()).GetProperty("model_version").GetString());
        using var statistics = await GetAsync(client, $"/v2/models/colors/versions/{Newest}/stats");
        Assert.Equal(Newest, (await statistics.JsonAsync()).GetProperty("model_stats")[0].GetProperty("version").GetString());

        using var rpc = RpcClient.Of(service);
        var request = RpcTensor.Raw(Tensor.Red);
        request.ModelVersion = Newest;
        Assert.Equal(Newest, (await rpc.InferAsync(request)).ModelVersion);
        var unload = new RepositoryModelUnloadRequest
        {
            ModelName = "colors",
            Parameters = { ["version"] = new() { Int64Param = 20240101120000 } },
        };
        using var admin = RpcClient.OfAdmin(service);
        await admin.CallAsync<RepositoryModelUnloadResponse>("RepositoryModelUnload", unload);
        using var older = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal("1", (await older.JsonAsync()).GetProperty("version").GetString());
        unload.Parameters["version"] = new() { BoolParam = true };
        await admin
            .CallAsync<RepositoryModelUnloadResponse>("RepositoryModelUnload", unload)
            .RefusedAsync(StatusCode.InvalidArgument, "invalid-parameter");
    }

    [Theory]
    [InlineData("99")]
    [InlineData("01")]
    [InlineData("%2B1")]
    [InlineData("%201")]
    [InlineData("1%20")]
    [InlineData("-1")]
    [InlineData("latest")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551617")]
    public async Task Version_ThatIsNotThere_IsUnknownEverywhere(string version)
    {
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        var client = service.AdminClient();

        foreach (var path in new[] { "/classify?", "/classify?model=colors&" })
        {
            using var refused = await client.PostAsync($"{path}version={version}", Payload.Form(Payload.RedPng)).Guarded();
            Assert.Equal((HttpStatusCode.NotFound, null), (refused.StatusCode, refused.Headers.RetryAfter));
        }

        using var batch = await client.PostAsync($"/classify/batch?version={version}", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Contains("unknown-model", await batch.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        foreach (var rest in new[] { "", "/ready", "/config", "/stats" })
        {
            using var refused = await GetAsync(client, $"/v2/models/colors/versions/{version}{rest}");
            Assert.Equal((HttpStatusCode.NotFound, null), (refused.StatusCode, refused.Headers.RetryAfter));
        }

        using var infer = await client
            .PostAsync($"/v2/models/colors/versions/{version}/infer", Payload.Json(Tensor.Json(Tensor.Red)))
            .Guarded();
        Assert.Equal((HttpStatusCode.NotFound, null), (infer.StatusCode, infer.Headers.RetryAfter));
        foreach (var change in new[] { "load", "unload" })
        {
            using var refused = await client
                .PostAsync(new Uri($"/models/colors/{change}?version={version}", UriKind.Relative), content: null)
                .Guarded();
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        using var rpc = RpcClient.Of(service);
        var request = RpcTensor.Raw(Tensor.Red);
        request.ModelVersion = Uri.UnescapeDataString(version);
        await rpc.InferAsync(request).RefusedAsync(StatusCode.NotFound, "unknown-model");
    }

    [Fact]
    public async Task Version_WithAZeroCharacter_IsNone()
    {
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        using var refused = await service.AdminClient().PostAsync("/classify?version=1%00", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal("invalid-parameter", await refused.CodeAsync());

        using var rpc = RpcClient.Of(service);
        var request = RpcTensor.Raw(Tensor.Red);
        request.ModelVersion = "1\0";
        await rpc.InferAsync(request).RefusedAsync(StatusCode.NotFound, "unknown-model");
    }

    [Fact]
    public async Task Version_ThatIsNotThereAndNoModelWorks_IsUnknown()
    {
        _models.Remove("colors", "20240101120000");
        _models.Write("colors", "1", "model.onnx", "no network");
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        using var refused = await service.AdminClient().PostAsync("/classify?version=99", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal((HttpStatusCode.NotFound, null), (refused.StatusCode, refused.Headers.RetryAfter));
    }

    [Fact]
    public async Task Load_VersionWithoutAManifest_TheOldOneGoesOnAnsweringAlsoInEnsembles()
    {
        _models.Ensemble("zz-both", """{"members":[{"model":"colors"}]}""");
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        var client = service.AdminClient();
        _models.Graph("colors", "plain", "20250101000000");

        using var loaded = await client.PostAsync(new Uri("/models/colors/load", UriKind.Relative), content: null).Guarded();
        Assert.Equal(HttpStatusCode.OK, loaded.StatusCode);

        foreach (var (query, label) in new[] { ("", "red"), ("?model=zz-both", "red"), ("?version=20250101000000", "class 0") })
        {
            using var answer = await client.PostAsync($"/classify{query}", Payload.Form(Payload.RedPng)).Guarded();
            Assert.Equal((HttpStatusCode.OK, label), (answer.StatusCode, (await answer.JsonAsync()).TopLabel()));
        }

        await service.Logs.FirstAsync("ServedByNumberOnly", "20250101000000");
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string path) =>
        client.GetAsync(new Uri(path, UriKind.Relative)).Guarded();
}
