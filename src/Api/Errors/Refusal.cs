using Saccade.Inference;

namespace Saccade.Api.Errors;

/// <summary>One occurrence of a failure, ready to be answered.</summary>
/// <param name="Response">The row of the table.</param>
/// <param name="Detail">One sentence about this occurrence; may quote the client, never the configuration.</param>
/// <param name="RetryAfter">When to try again; null if that is pointless.</param>
/// <param name="Accept">Content types that would have been read; null unless the content type is the problem.</param>
/// <param name="Errors">Every bad parameter with what is wrong with it; null unless parameters are the problem.</param>
internal sealed record Refusal(
    FailureResponse Response,
    string Detail,
    TimeSpan? RetryAfter = null,
    string? Accept = null,
    IReadOnlyDictionary<string, string>? Errors = null
)
{
    public static Refusal Of(ApiFailure failure, string detail)
    {
        var response = FailureResponses.For(failure);
        return new(response, detail, response.RetryAfter);
    }

    public static Refusal Of(ClassifyFailure failure, string detail, TimeSpan? retryAfter = null)
    {
        var response = FailureResponses.For(failure);
        return new(response, detail, retryAfter ?? response.RetryAfter);
    }

    public static Refusal Of(ClassifyRefusal refusal) => Of(refusal.Failure, refusal.Detail, refusal.RetryAfter);

    public static Refusal Parameters(IReadOnlyDictionary<string, string> errors)
    {
        var detail = errors.Count == 1 ? errors.First().Value : $"{errors.Count} parameters are wrong; see errors.";
        return new(FailureResponses.For(ApiFailure.InvalidParameter), detail, Errors: errors);
    }

    /// <summary>Whole seconds for the <c>Retry-After</c> header: rounded up, at least 1, so that nobody comes back too early.</summary>
    public int? RetryAfterSeconds => RetryAfter is { } wait ? (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, int.MaxValue) : null;
}
