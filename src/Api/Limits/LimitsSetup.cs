using System.Threading.RateLimiting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Saccade.Api.Configuration;
using Saccade.Api.Errors;
using Saccade.Inference.Telemetry;

namespace Saccade.Api.Limits;

/// <summary>Bounds what clients can make the service hold, connections' bodies and requests at once, and how often each may ask.</summary>
internal static class LimitsSetup
{
    public const string ClassifyPolicy = "classify";

    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddValidatedOptions<LimitsOptions>(LimitsOptions.Section);
        services.AddValidatedOptions<RateLimitsOptions>(RateLimitsOptions.Section);
        services.Configure<KestrelServerOptions>(static kestrel => kestrel.AddServerHeader = false);
        services.AddSingleton<ClientLimits>();
        services.AddRateLimiter(static _ => { });
        services
            .AddOptions<RateLimiterOptions>()
            .Configure<IOptions<LimitsOptions>, ClientLimits, TimeProvider, ILogger<RateLimiter>>(
                static (limiter, limits, clients, time, logger) =>
                {
                    var most = limits.Value.MaxConcurrentRequests;
                    var notice = new OverloadNotice(time, refused => Log.TooManyRequests(logger, refused, most));
                    limiter.GlobalLimiter = clients.Limiter;
                    limiter.AddConcurrencyLimiter(ClassifyPolicy, concurrency => concurrency.PermitLimit = most);
                    limiter.OnRejected = (rejected, _) =>
                        new(new RefusalResult(ClientLimits.Refused(rejected.Lease) ?? TooMany(notice)).ExecuteAsync(rejected.HttpContext));
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

    private static Refusal TooMany(OverloadNotice notice)
    {
        notice.Refused();
        return Refusal.Of(ApiFailure.TooManyRequests, "Too many requests are being answered at once.");
    }
}
