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
    // Clients that were refused together would come back together. Up to this share is added to a pause.
    private const double Jitter = 0.25;

    /// <summary>Adds the rule to a pipeline.</summary>
    public static void AddTo(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, SaccadeClientOptions options, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        if (options.MaxRetries == 0)
            return;
        var delay = options.RetryDelay;
        pipeline.AddRetry(
            new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxRetries,
                ShouldHandle = args =>
                    ValueTask.FromResult(
                        IsPassing(args.Outcome, time)
                            && Call.Of(args.Context) is { CanReplay: true } call
                            && Pause(args.Outcome, args.AttemptNumber) * (1 + Jitter) < call.Remaining.TotalSeconds
                    ),
                DelayGenerator = args =>
                    ValueTask.FromResult<TimeSpan?>(
                        TimeSpan.FromSeconds(Pause(args.Outcome, args.AttemptNumber) * (1 + (Jitter * Random.Shared.NextDouble())))
                    ),
            }
        );

        // Seconds: as told or, from one retry to the next, twice as long.
        double Pause(Outcome<HttpResponseMessage> outcome, int retry) =>
            (outcome.Result is { } refused ? RetryAfter.Of(refused, time) : null)?.TotalSeconds ?? Math.ScaleB(delay.TotalSeconds, retry);
    }

    private static bool IsPassing(Outcome<HttpResponseMessage> outcome, TimeProvider time)
    {
        if (outcome.Result is not { } response)
            return IsBrokenConnection(outcome.Exception);
        // Where the service itself names no time, trying again is pointless (docs/errors.md); a balancer may just not have said.
        return response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
            && (RetryAfter.Of(response, time) is not null || !SaccadeException.IsProblem(response));
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
}
