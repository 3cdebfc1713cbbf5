using System.Net;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Middleware;

[Collection(SharedServiceTests.Name)]
public sealed class RequestHeadersTests(SharedService shared)
{
    private readonly HttpClient _client = shared.Service.Client();

    public static TheoryData<string> Paths =>
        [
            "/classify",
            "/models",
            "/models/nobody",
            "/health/live",
            "/health/ready",
            "/metrics",
            "/nothing/here",
            "/swagger/v1/swagger.json",
            "/swagger/index.html",
        ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Get_AnyPath_ReturnsTheClientsRequestId(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Request-Id", "order-4711 ~!");
        using var response = await _client.SendAsync(request).Guarded();
        Assert.Equal("order-4711 ~!", response.Headers.GetValues("X-Request-Id").Single());
    }

    [Fact]
    public async Task Get_OverTheWire_DoesNotNameTheServer()
    {
        await using var service = await Service.ListenAsync();
        using var connection = await RawConnection.OpenAsync(service);
        await connection.SendAsync("GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n");

        var head = await connection.ReadHeadAsync();

        Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nServer:", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Get_NoRequestId_IsTheTraceId()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/models");
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        using var response = await _client.SendAsync(request).Guarded();
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", response.Headers.GetValues("X-Request-Id").Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\there")]
    [InlineData("ümlaut")]
    public async Task Get_RequestIdThatIsNotSane_IsReplaced(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/models");
        request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        using var response = await _client.SendAsync(request).Guarded();
        Assert.Matches("^[0-9a-f]{32}$", response.Headers.GetValues("X-Request-Id").Single());
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public async Task Get_RequestIdAtTheLimit_IsKeptUpToIt(int length, bool kept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/models");
        request.Headers.Add("X-Request-Id", new string('x', length));
        using var response = await _client.SendAsync(request).Guarded();
        Assert.Equal(kept, response.Headers.GetValues("X-Request-Id").Single() == new string('x', length));
    }

    [Fact]
    public async Task Get_TwoRequestIds_AreReplaced()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/models");
        request.Headers.Add("X-Request-Id", ["a", "b"]);
        using var response = await _client.SendAsync(request).Guarded();
        Assert.Matches("^[0-9a-f]{32}$", response.Headers.GetValues("X-Request-Id").Single());
    }

    [Theory]
    [InlineData("GET", "/nothing/here", HttpStatusCode.NotFound, "route-not-found")]
    [InlineData("GET", "/classify", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("PUT", "/classify/batch", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("POST", "/models", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task Send_WrongPathOrMethod_IsAProblem(string method, string path, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _client.SendAsync(request).Guarded();
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, await response.CodeAsync());
        Assert.Equal(status == HttpStatusCode.MethodNotAllowed, response.Content.Headers.Allow.Count > 0);
    }

    [Fact]
    public async Task Post_Refused_LogsOneLineWithTheCode()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/classify?crops=7") { Content = Payload.Form(Payload.RedPng) };
        request.Headers.Add("X-Request-Id", "logged-once");
        using var response = await _client.SendAsync(request).Guarded();
        var line = Assert.Single(shared.Service.Logs.Entries, entry => entry.Message.Contains("logged-once", StringComparison.Ordinal));
        Assert.Equal("Refused POST /classify: 400 invalid-parameter, request logged-once", line.Message);
    }
}
