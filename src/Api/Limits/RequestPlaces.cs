using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Saccade.Api.Errors;
using Saccade.Inference.Telemetry;

namespace Saccade.Api.Limits;

/// <summary>
/// The requests that are answered at once, <c>Limits:MaxConcurrentRequests</c> at most. A request takes its place when its body is there:
/// one that is still arriving, however slowly, takes none from those that have arrived.
/// </summary>
internal sealed class RequestPlaces : IDisposable
{
    private readonly ConcurrencyLimiter _limiter;
    private readonly OverloadNotice _notice;

    public RequestPlaces(IOptions<LimitsOptions> limits, TimeProvider time, ILogger<RequestPlaces> logger)
    {
        var most = limits.Value.MaxConcurrentRequests;
        _limiter = new ConcurrencyLimiter(new() { PermitLimit = most, QueueLimit = 0 });
        _notice = new OverloadNotice(time, refused => Log.TooManyRequests(logger, refused, most));
    }

    /// <summary>Takes a place.</summary>
    /// <returns>The place, to be disposed; null if all are taken.</returns>
    public IDisposable? TryTake()
    {
        var lease = _limiter.AttemptAcquire();
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        return null;
    }

    /// <summary>What is said to a request that got no place. Counted.</summary>
    public Refusal Refused()
    {
        _notice.Refused();
        return Refusal.Of(ApiFailure.TooManyRequests, "Too many requests are being answered at once.");
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
