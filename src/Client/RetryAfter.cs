namespace Saccade.Client;

/// <summary>The <c>Retry-After</c> header (RFC 9110 §10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>How long to wait, at least 0; null if the response does not say.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - time.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
