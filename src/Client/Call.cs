using System.Globalization;
using Polly;

namespace Saccade.Client;

/// <summary>What all attempts of one call share.</summary>
/// <param name="time">Measures.</param>
/// <param name="deadline">The service's time for the answer, from now; null means its default.</param>
/// <param name="timeout">The client's, if there is no deadline.</param>
/// <param name="content">The body of every attempt; null if there is none.</param>
internal sealed class Call(TimeProvider time, TimeSpan? deadline, TimeSpan timeout, HttpContent? content)
{
    public const string DeadlineHeader = "X-Deadline-Ms";

    private static readonly HttpRequestOptionsKey<Call> OnRequest = new("Saccade.Call");
    private static readonly ResiliencePropertyKey<Call> OnContext = new("Saccade.Call");

    private readonly long _started = time.GetTimestamp();

    /// <summary>Whether the body can be sent another time.</summary>
    public bool CanReplay => content is not StreamUpload { CanReplay: false };

    /// <summary>Time until nobody waits for the answer any more; may be negative.</summary>
    public TimeSpan Remaining => (deadline ?? timeout) - time.GetElapsedTime(_started);

    /// <summary>The call that an attempt in this context belongs to; null if the request is none of <see cref="SaccadeClient"/>.</summary>
    public static Call? Of(ResilienceContext context) => context.Properties.TryGetValue(OnContext, out var call) ? call : null;

    /// <summary>Puts the call on its request, with the deadline.</summary>
    public void Attach(HttpRequestMessage request)
    {
        request.Options.Set(OnRequest, this);
        WriteDeadline(request);
    }

    /// <summary>Prepares a request for an attempt: the service is told how much of the time is left.</summary>
    public static void Begin(HttpRequestMessage request)
    {
        if (!request.Options.TryGetValue(OnRequest, out var call))
            return;
        call.WriteDeadline(request);
        request.GetResilienceContext()?.Properties.Set(OnContext, call);
    }

    private void WriteDeadline(HttpRequestMessage request)
    {
        if (deadline is null)
            return;
        var milliseconds = Math.Max(1, (long)Remaining.TotalMilliseconds);
        request.Headers.Remove(DeadlineHeader);
        request.Headers.Add(DeadlineHeader, milliseconds.ToString(CultureInfo.InvariantCulture));
    }
}
