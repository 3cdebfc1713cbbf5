using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Saccade.Api.Configuration;
using Saccade.Api.Errors;

namespace Saccade.Api.Limits;

/// <summary>Bounds what clients can make the service hold, connections' bodies and requests at once, and how often each may ask.</summary>
internal static class LimitsSetup
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddValidatedOptions<LimitsOptions>(LimitsOptions.Section);
        services.AddValidatedOptions<RateLimitsOptions>(RateLimitsOptions.Section);
        services.Configure<KestrelServerOptions>(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            HeadLimits.LeaveTo(kestrel.Limits);
        });
        services.AddSingleton<ClientLimits>().AddSingleton<RequestPlaces>();
        services.AddRateLimiter(static _ => { });
        services
            .AddOptions<RateLimiterOptions>()
            .Configure<ClientLimits>(
                static (limiter, clients) =>
                {
                    limiter.GlobalLimiter = clients.Limiter;
                    limiter.OnRejected = static (rejected, _) =>
                        new(new RefusalResult(ClientLimits.TooOften(rejected.Lease)).ExecuteAsync(rejected.HttpContext));
                }
            );
        return services;
    }

    /// <summary>Takes clients' addresses from the proxies that are trusted, if any are.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<RateLimitsOptions>>().Value.TrustedProxies;
        if (proxies.Count == 0)
            return;
        // Through as many as there are, up to the first that is not trusted.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            options.KnownIPNetworks.Add(RateLimitsOptions.Network(proxy)!.Value);
        app.UseForwardedHeaders(options);
    }
}
