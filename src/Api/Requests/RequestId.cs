using System.Diagnostics;
using Microsoft.Extensions.Primitives;

namespace Saccade.Api.Requests;

/// <summary>The name of a request: the client's, or else the trace's, so that one search finds log, trace and complaint.</summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";
    public const int MaxLength = 128;

    /// <summary>Picks the id. A client's value that is not sane is replaced, not refused: the id is a courtesy.</summary>
    public static string Choose(StringValues fromClient) =>
        fromClient is [{ } value] && IsSane(value) ? value : (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();

    // Printable ASCII only: the value goes into a header and into log lines.
    private static bool IsSane(string value) => value.Length is > 0 and <= MaxLength && !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
