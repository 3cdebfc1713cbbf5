using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Saccade.Client;

/// <summary>
/// When a request is sent again: if it was refused for the moment or its connection broke, its body can be sent again, and the pause fits
/// into the time that is left. Requests change nothing at the service, so none does harm twice.
/// </summary>
internal static class RetryRule
{
    // Clients that were refused together would come back together.
    private const double Jitter = 0.25;

    /// <summary>Adds the rule to a pipeline.</summary>
    public static void AddTo(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, SaccadeClientOptions options, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        if (options.MaxRetries == 0)
            return;
        pipeline.AddRetry(
            new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxRetries,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(IsWorthwhile(Call.Of(args.Context), args.Outcome, time)),
                // Null means the pause of the options above.
                DelayGenerator = args =>
                    ValueTask.FromResult(args.Outcome.Result is { } refused ? WithJitter(RetryAfter.Of(refused, time)) : null),
            }
        );
    }

    private static bool IsWorthwhile(Call? call, Outcome<HttpResponseMessage> outcome, TimeProvider time)
    {
        if (call is not { CanReplay: true })
            return false;
        if (outcome.Result is not { } response)
            return IsBrokenConnection(outcome.Exception) && call.Remaining > TimeSpan.Zero;
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return false;

        // Where the service itself names no time, trying again is pointless (docs/errors.md); a balancer may just not have said.
        return RetryAfter.Of(response, time) is { } wait
            ? wait * (1 + Jitter) < call.Remaining
            : !SaccadeException.IsProblem(response) && call.Remaining > TimeSpan.Zero;
    }

    // Certificates that do not fit or a proxy that refuses would be the same again.
    private static bool IsBrokenConnection(Exception? exception) =>
        exception is HttpRequestException failure
        && (
            failure.HttpRequestError
                is HttpRequestError.ConnectionError
                    or HttpRequestError.ResponseEnded
                    or HttpRequestError.NameResolutionError
            || failure.InnerException is IOException
        );

    private static TimeSpan? WithJitter(TimeSpan? wait) => wait * (1 + (Jitter * Random.Shared.NextDouble()));
}
