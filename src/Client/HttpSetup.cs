using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Saccade.Client;

/// <summary>The way of a request: retries, then the attempt, then the connection.</summary>
internal static class HttpSetup
{
    // A name that comes to mean another address is noticed within this time.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>All of it, for a program without dependency injection.</summary>
    public static HttpClient Create(SaccadeClientOptions options, TimeProvider time, HttpMessageHandler? connection = null)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>();
        RetryRule.AddTo(pipeline, options, time);
        var attempt = new AttemptHandler { InnerHandler = connection ?? Configure(new SocketsHttpHandler()) };
        var http = new HttpClient(new ResilienceHandler(pipeline.Build()) { InnerHandler = attempt });
        Configure(http, options);
        return http;
    }

    /// <summary>Address and key. The time limit is the client's, which counts retries in.</summary>
    public static void Configure(HttpClient http, SaccadeClientOptions options)
    {
        // Without the slash a relative address would take the place of the last part of the path.
        var address = options.Address!.AbsoluteUri;
        http.BaseAddress = new Uri(address.EndsWith('/') ? address : $"{address}/");
        http.Timeout = Timeout.InfiniteTimeSpan;
        if (options.ApiKey is { } key)
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    /// <summary>Connections.</summary>
    public static SocketsHttpHandler Configure(SocketsHttpHandler handler)
    {
        handler.PooledConnectionLifetime = ConnectionLifetime;
        // The runtime would send key and image wherever it is told to, a stream the second time without its bytes, and after the 301 of a
        // proxy that wants TLS a GET in place of the POST. So an address that moved is an error that says so.
        handler.AllowAutoRedirect = false;
        return handler;
    }
}
