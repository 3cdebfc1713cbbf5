namespace Saccade.Client;

/// <summary>Where the service is and how patient the client is.</summary>
public sealed class SaccadeClientOptions
{
    /// <summary>The service's address, such as <c>https://saccade.example/</c>, or the path below which a proxy has it.</summary>
    public Uri? Address { get; set; }

    /// <summary>Sent as <c>X-Api-Key</c> where the service asks for keys; null means none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The longest that a call may take, retries and the pauses between them included, if its options name no deadline.</summary>
    /// <value>100 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How often a request is sent again that was refused for the moment (429, 503) or whose connection broke. An image from a stream
    /// that cannot seek is sent once, and none when the pause would outlast the time of the call.
    /// </summary>
    /// <value>3; from 0.</value>
    public int MaxRetries { get; set; } = 3;

    /// <summary>The pause before the first retry where the service does not tell one by <c>Retry-After</c>; it doubles, with
    /// jitter.</summary>
    /// <value>Half a second.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What is wrong with each option that has no usable value.</summary>
    internal IEnumerable<string> Mistakes()
    {
        if (Address is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            yield return $"{nameof(Address)} must be an absolute address with http or https; it is '{Address}'.";
        if (ApiKey is not null && (ApiKey.Length == 0 || ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~')))
            yield return $"{nameof(ApiKey)} must be printable ASCII without spaces.";
        if (Timeout <= TimeSpan.Zero || Timeout.TotalMilliseconds > int.MaxValue)
            yield return $"{nameof(Timeout)} must be more than 0 and at most 24 days; it is {Timeout}.";
        if (MaxRetries < 0)
            yield return $"{nameof(MaxRetries)} must be at least 0; it is {MaxRetries}.";
        if (RetryDelay < TimeSpan.Zero || RetryDelay > TimeSpan.FromDays(1))
            yield return $"{nameof(RetryDelay)} must be from 0 to a day; it is {RetryDelay}.";
    }
}
