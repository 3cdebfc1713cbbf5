using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Saccade.Api.Configuration;
using Saccade.Api.Errors;
using Saccade.Inference.Telemetry;

namespace Saccade.Api.Limits;

/// <summary>Bounds what clients can make the service hold: connections' bodies and requests at once.</summary>
internal static class LimitsSetup
{
    public const string ClassifyPolicy = "classify";

    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddValidatedOptions<LimitsOptions>(LimitsOptions.Section);
        services.Configure<KestrelServerOptions>(static kestrel => kestrel.AddServerHeader = false);
        services.AddRateLimiter(static _ => { });
        services
            .AddOptions<RateLimiterOptions>()
            .Configure<IOptions<LimitsOptions>, TimeProvider, ILogger<RateLimiter>>(
                static (limiter, limits, time, logger) =>
                {
                    var most = limits.Value.MaxConcurrentRequests;
                    var notice = new OverloadNotice(time, refused => Log.TooManyRequests(logger, refused, most));
                    limiter.AddConcurrencyLimiter(ClassifyPolicy, concurrency => concurrency.PermitLimit = most);
                    limiter.OnRejected = (rejected, _) =>
                    {
                        notice.Refused();
                        return new(
                            new RefusalResult(
                                Refusal.Of(ApiFailure.TooManyRequests, "Too many requests are being answered at once.")
                            ).ExecuteAsync(rejected.HttpContext)
                        );
                    };
                }
            );
        return services;
    }
}
