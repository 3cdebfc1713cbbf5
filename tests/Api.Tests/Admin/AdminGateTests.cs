using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Admin;

/// <summary>Who may change what is served. Unknown models are asked for: 404 means that the door was open.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class AdminGateTests(SharedService shared)
{
    private const string Key = "correct horse battery staple";
    private static readonly string[] Routes = ["/models/nobody/load", "/models/nobody/unload"];

    [Theory]
    [InlineData(null, "localhost", null, null, true)]
    [InlineData("127.0.0.1", "localhost:8080", null, null, true)]
    [InlineData("::1", "[::1]:8080", null, null, true)]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1", null, null, true)]
    [InlineData("127.0.0.1", "localhost:8080", "Origin", "http://localhost:8080", true)]
    [InlineData("192.0.2.7", "localhost", null, null, false)]
    [InlineData("10.0.0.1", "10.0.0.1", null, null, false)]
    [InlineData("127.0.0.1", "saccade.example", null, null, false)]
    [InlineData("127.0.0.1", "localhost:8080", "Origin", "http://elsewhere.example", false)]
    [InlineData("127.0.0.1", "localhost:8080", "Origin", "http://localhost:3000", false)]
    [InlineData("127.0.0.1", "localhost:8080", "Origin", "null", false)]
    [InlineData("127.0.0.1", "localhost", "X-Forwarded-For", "192.0.2.7", false)]
    [InlineData("127.0.0.1", "localhost", "Forwarded", "for=192.0.2.7", false)]
    public async Task NoKey_OnlyCallersOnTheSameMachineAreLetIn(string? remote, string host, string? header, string? value, bool allowed)
    {
        foreach (var route in Routes)
        {
            var answer = await shared
                .Service.Server.SendAsync(context =>
                {
                    context.Request.Method = "POST";
                    context.Request.Path = route;
                    context.Request.Host = new HostString(host);
                    context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
                    if (header is not null)
                        context.Request.Headers[header] = value;
                })
                .Guarded();
            Assert.Equal(allowed ? 404 : 403, answer.Response.StatusCode);
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Bearer wrong", false)]
    [InlineData("Bearer correct horse battery stapl", false)]
    [InlineData("Basic " + Key, false)]
    [InlineData(Key, false)]
    [InlineData("Bearer " + Key, true)]
    [InlineData("bearer  " + Key, true)]
    public async Task Key_OnlyWhoBringsItIsLetIn(string? authorization, bool allowed)
    {
        await using var service = await Service.StartAsync(new() { ["Admin:Key"] = Key });
        var client = service.Client();
        foreach (var route in Routes)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, route);
            if (authorization is not null)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var response = await client.SendAsync(request).Guarded();
            Assert.Equal(allowed ? "unknown-model" : "admin-key-required", await response.CodeAsync());
            Assert.Equal(!allowed, response.Headers.WwwAuthenticate.Contains(new AuthenticationHeaderValue("Bearer")));
        }

        Assert.DoesNotContain(service.Logs.Entries, entry => entry.Message.Contains(Key, StringComparison.Ordinal));
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
}
