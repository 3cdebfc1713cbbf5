using System.Globalization;
using Saccade.Inference;

namespace Saccade.Api.Requests;

/// <summary>Headers of an answer that was not computed for its request: <c>Cache-Status</c> (RFC 9211), and <c>Age</c> in seconds
/// (RFC 9111, section 5.1) if it had been kept.</summary>
internal static class CacheHeaders
{
    public const string Status = "Cache-Status";
    public const string Age = "Age";

    /// <summary>Says where an answer came from; nothing if it was computed.</summary>
    public static void Write(IHeaderDictionary headers, CacheUse? use, TimeSpan? age)
    {
        if (use is null)
            return;
        headers[Status] = use == CacheUse.Hit ? "saccade; hit" : "saccade; fwd=miss; collapsed";
        if (age is { } elapsed)
            headers[Age] = ((long)elapsed.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }
}
