using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Saccade.Api.Errors;

namespace Saccade.Api.Admin;

/// <summary>The door to what changes the service: with a key configured, whoever brings it; without one, whoever asks from this
/// machine.</summary>
internal sealed class AdminGate(IOptions<AdminOptions> options) : IEndpointFilter
{
    private const string Scheme = "Bearer";

    // What proxies add. A request that came through one is not from this machine, though its last step was.
    private static readonly string[] ProxyHeaders = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"];

    private readonly byte[]? _key = options.Value.Key is { } key ? Digest(key) : null;

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (_key is null)
        {
            return IsFromHere(http.Request, http.Connection.RemoteIpAddress)
                ? await next(context)
                : Refuse(ApiFailure.AdminNotAllowed, "Without a configured key this is served to callers on the same machine only.");
        }

        if (BringsKey(http.Request))
            return await next(context);
        http.Response.Headers.WWWAuthenticate = Scheme;
        return Refuse(ApiFailure.AdminKeyRequired, $"{HeaderNames.Authorization}: {Scheme} must carry the key of the service.");
    }

    private bool BringsKey(HttpRequest request) =>
        request.Headers.Authorization is [{ } header]
        && header.StartsWith($"{Scheme} ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Digest(header[(Scheme.Length + 1)..].Trim()), _key);

    // A page that a browser on this machine shows is no caller from here: it names its origin, or, where its name was made to point
    // here, a host that is not ours. Connections without an address are sockets and pipes of this machine.
    private static bool IsFromHere(HttpRequest request, IPAddress? remote) =>
        (remote is null || IPAddress.IsLoopback(remote))
        && !Array.Exists(ProxyHeaders, request.Headers.ContainsKey)
        && IsLocalName(request.Host.Host)
        && (request.Headers.Origin.Count == 0 || request.Headers.Origin == $"{request.Scheme}://{request.Host}");

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static RefusalResult Refuse(ApiFailure failure, string detail) => new(Refusal.Of(failure, detail));
}
