namespace Saccade.Api.Errors;

/// <summary>How one protocol words a refusal. Endpoints name theirs as metadata.</summary>
internal interface IFailureFormat
{
    /// <summary>Whether a request that reached no endpoint, or lost it by an exception, speaks this protocol.</summary>
    bool Speaks(HttpRequest request);

    /// <summary>Writes the answer. Status and common headers are set already; nothing has been sent.</summary>
    Task WriteAsync(HttpContext context, Refusal refusal);
}
