namespace Saccade.Api.Contracts;

/// <summary>An RFC 9457 problem document, <c>application/problem+json</c>.</summary>
internal sealed record ProblemBody
{
    /// <summary>Identifies the kind of problem: <c>urn:saccade:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in words, the same each time.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong with this request.</summary>
    public required string Detail { get; init; }

    /// <summary>The stable code to branch on.</summary>
    public required string Code { get; init; }

    /// <summary>The value of the <c>X-Request-Id</c> header, to quote when asking about it.</summary>
    public required string RequestId { get; init; }

    /// <summary>Seconds after which trying again makes sense, as in the <c>Retry-After</c> header.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>What is wrong with each bad parameter, by name.</summary>
    public IReadOnlyDictionary<string, string>? Errors { get; init; }
}
