namespace Saccade.Api.Errors;

/// <summary>How one kind of failure is told to the client, the log and the metrics.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable, kebab-case; also the <c>code</c> tag of <c>saccade.http.refusals</c>. Clients branch on it: never rename
/// one.</param>
/// <param name="Title">The same words for every occurrence; what is particular goes into the detail.</param>
/// <param name="Level">Level of the one log line.</param>
/// <param name="RetryAfter">When to try again if the occurrence itself does not say; null if trying again is pointless.</param>
/// <param name="OfImage">True if it lies in the image itself, so that the other images of a batch may fare better.</param>
internal sealed record FailureResponse(
    int Status,
    string Code,
    string Title,
    LogLevel Level,
    TimeSpan? RetryAfter = null,
    bool OfImage = false
)
{
    /// <summary>Identifies the kind of problem (RFC 9457 §3.1.1); described in docs/errors.md under the code.</summary>
    public string Type => $"urn:saccade:problem:{Code}";
}
