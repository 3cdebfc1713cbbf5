using Saccade.Api.Errors;

namespace Saccade.Api.Bodies;

/// <summary>The coding of a body: bodies are read as they are, and codings change nothing here, so only none is accepted.</summary>
internal static class ContentCoding
{
    /// <summary>Why the body will not be read; null if it may be. Names of codings ignore case (RFC 9110 §8.4.1).</summary>
    public static Refusal? Refused(HttpRequest request)
    {
        var codings = request.Headers.GetCommaSeparatedValues("Content-Encoding");
        return Array.Find(codings, coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)) is { } unread
            ? Refusal.Of(ApiFailure.UnsupportedMediaType, $"Content-Encoding {unread} is not read here; images are compressed already.")
            : null;
    }
}
