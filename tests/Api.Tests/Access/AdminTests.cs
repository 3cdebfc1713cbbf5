using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.OpenInference.Rpc;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Access;

/// <summary>Who may change what is served. Unknown models are asked for: 404 means that the door was open.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class AdminTests(SharedService shared)
{
    private const string Key = Service.AdminKey;
    private static readonly string[] Routes = ["/models/nobody/load", "/models/nobody/unload"];
    private static readonly string[] ProtocolRoutes = ["/v2/repository/models/nobody/load", "/v2/repository/models/nobody/unload"];
    private static readonly string[] Calls = ["RepositoryModelLoad", "RepositoryModelUnload"];

    /// <summary>A proxy on the same machine that adds no header looks like a caller on the same machine.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("192.0.2.7")]
    public async Task NoKeyConfigured_NobodyIsLetInWhereverTheyComeFrom(string? remote)
    {
        foreach (var route in Routes.Concat(ProtocolRoutes))
        {
            var answer = await shared
                .Service.Server.SendAsync(context =>
                {
                    context.Request.Method = "POST";
                    context.Request.Path = route;
                    context.Request.Host = new HostString("localhost");
                    context.Request.Headers.Authorization = $"Bearer {Key}";
                    context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
                })
                .Guarded();
            Assert.Equal(403, answer.Response.StatusCode);
        }
    }

    /// <summary>Neither who asks nor how often is looked at: requests cost what they cost without keys and rates.</summary>
    [Fact]
    public void NoKeyConfigured_NothingLooksForOne()
    {
        var services = shared.Service.Services;
        Assert.Null(services.GetService<IAuthenticationSchemeProvider>());
        Assert.Null(services.GetService<IAuthorizationService>());
        Assert.Null(services.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter);
    }

    [Fact]
    public async Task NoKeyConfigured_TheAnswerNamesTheSetting()
    {
        foreach (var route in Routes)
        {
            using var response = await shared.Service.Client().PostAsync(route, content: null).Guarded();
            var problem = await response.JsonAsync();
            Assert.Equal("admin-not-allowed", problem.GetProperty("code").GetString());
            Assert.Contains("Admin:Key", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        foreach (var route in ProtocolRoutes)
        {
            using var response = await shared.Service.Client().PostAsync(route, content: null).Guarded();
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Contains("Admin:Key", (await response.JsonAsync()).GetProperty("error").GetString(), StringComparison.Ordinal);
        }

        using var rpc = RpcClient.Of(shared.Service);
        foreach (var method in Calls)
        {
            var refusal = await ChangeAsync(rpc, method).RefusedAsync(StatusCode.PermissionDenied, "admin-not-allowed");
            Assert.Contains("Admin:Key", refusal.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Authorization", null, false)]
    [InlineData("Authorization", "", false)]
    [InlineData("Authorization", "Bearer", false)]
    [InlineData("Authorization", "Bearer ", false)]
    [InlineData("Authorization", "Bearer wrong", false)]
    [InlineData("Authorization", "Bearer correct horse battery stapl", false)]
    [InlineData("Authorization", "Basic " + Key, false)]
    [InlineData("Authorization", Key, false)]
    [InlineData("Authorization", "Bearer " + Key, true)]
    [InlineData("Authorization", "bearer  " + Key, true)]
    [InlineData("X-Api-Key", "wrong", false)]
    [InlineData("X-Api-Key", Key, true)]
    public async Task Key_OnlyWhoBringsItIsLetIn(string header, string? value, bool allowed)
    {
        await using var service = await Service.StartAsync(new() { ["Admin:Key"] = Key });
        var client = service.Client();
        foreach (var route in Routes)
        {
            using var response = await SendAsync(client, HttpMethod.Post, route, header, value);
            Assert.Equal(allowed ? "unknown-model" : "admin-key-required", await response.CodeAsync());
            Assert.Equal(!allowed, response.Headers.WwwAuthenticate.Any(static challenge => challenge.Scheme == "Bearer"));
        }

        foreach (var route in ProtocolRoutes)
        {
            using var response = await SendAsync(client, HttpMethod.Post, route, header, value);
            Assert.Equal(allowed ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized, response.StatusCode);
        }

        // It is for administration alone: whoever classifies needs none.
        using var classified = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.OK, classified.StatusCode);
        Assert.DoesNotContain(service.Logs.Entries, static entry => entry.Message.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Key_OverGrpc_OnlyWhoBringsItIsLetIn()
    {
        await using var service = await Service.StartAsync(new() { ["Admin:Key"] = Key });
        using var client = RpcClient.Of(service);
        foreach (var method in Calls)
        {
            await ChangeAsync(client, method).RefusedAsync(StatusCode.Unauthenticated, "admin-key-required");
            await ChangeAsync(client, method, ("authorization", "Bearer wrong"))
                .RefusedAsync(StatusCode.Unauthenticated, "admin-key-required");
            await ChangeAsync(client, method, ("authorization", $"Bearer {Key}")).RefusedAsync(StatusCode.NotFound, "unknown-model");
            await ChangeAsync(client, method, ("x-api-key", Key)).RefusedAsync(StatusCode.NotFound, "unknown-model");
        }
    }

    [Fact]
    public async Task Key_ChangedWhileTheServiceRuns_TheNewOneIsTheKey()
    {
        const string next = "the next key of the service";
        await using var service = await Service.StartAsync(new() { ["Admin:Key"] = Key });
        var client = service.Client();
        var configuration = (ConfigurationManager)service.Services.GetRequiredService<IConfiguration>();

        configuration.AddInMemoryCollection([new("Admin:Key", next)]);
        using var old = await SendAsync(client, HttpMethod.Post, Routes[0], "X-Api-Key", Key);
        Assert.Equal("admin-key-required", await old.CodeAsync());
        using var current = await SendAsync(client, HttpMethod.Post, Routes[0], "X-Api-Key", next);
        Assert.Equal("unknown-model", await current.CodeAsync());

        // One that is none changes nothing, and the log says so without it.
        configuration.AddInMemoryCollection([new("Admin:Key", "short")]);
        using var kept = await SendAsync(client, HttpMethod.Post, Routes[0], "X-Api-Key", next);
        Assert.Equal("unknown-model", await kept.CodeAsync());
        var line = await service.Logs.FirstAsync("KeysNotRead");
        Assert.Contains("Key", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", line.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fifteen letters")]
    public async Task Key_TooShort_StopsTheStartAndIsNotRepeated(string key)
    {
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => Service.StartAsync(new() { ["Admin:Key"] = key }));
        Assert.Contains("Admin:Key", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("16", mistake.Message, StringComparison.Ordinal);
        if (key.Length > 0)
            Assert.DoesNotContain(key, mistake.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        HttpMethod method,
        string route,
        string header,
        string? value
    )
    {
        using var request = new HttpRequestMessage(method, route);
        if (value is not null)
            request.Headers.TryAddWithoutValidation(header, value);
        return await client.SendAsync(request).Guarded();
    }

    private static Task<RepositoryModelLoadResponse> ChangeAsync(
        RpcClient client,
        string method,
        params (string Name, string Value)[] headers
    )
    {
        var metadata = new Metadata();
        foreach (var (name, value) in headers)
            metadata.Add(name, value);
        return client.CallAsync<RepositoryModelLoadResponse>(method, new RepositoryModelLoadRequest { ModelName = "nobody" }, metadata);
    }
}
