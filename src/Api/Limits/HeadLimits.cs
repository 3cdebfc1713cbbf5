using Microsoft.AspNetCore.Server.Kestrel.Core;
using Saccade.Api.Errors;

namespace Saccade.Api.Limits;

/// <summary>
/// Refuses a request line or headers that are too long. The server refuses them too, but with an empty answer: its limits are set to twice
/// these, and what is longer still gets its answer.
/// </summary>
internal static class HeadLimits
{
    /// <summary>Longest path with its query, in characters.</summary>
    public const int Target = 8 * 1024;

    /// <summary>Longest headers, names and values of all, in characters.</summary>
    public const int Headers = 32 * 1024;

    /// <summary>Has the server accept what is refused here.</summary>
    public static void LeaveTo(KestrelServerLimits server) =>
        (server.MaxRequestLineSize, server.MaxRequestHeadersTotalSize) = (2 * Target, 2 * Headers);

    /// <summary>Refuses what is too long.</summary>
    public static IApplicationBuilder UseHeadLimits(this IApplicationBuilder app) =>
        app.Use(static (context, next) => Of(context) is { } refusal ? new RefusalResult(refusal).ExecuteAsync(context) : next(context));

    private static Refusal? Of(HttpContext context)
    {
        var (path, query) = (context.Request.Path.Value, context.Request.QueryString.Value);
        if ((path?.Length ?? 0) + (query?.Length ?? 0) > Target)
            return Refusal.Of(ApiFailure.TargetTooLong, $"The path with its query may have at most {Target} characters.");
        var length = 0;
        foreach (var (name, values) in context.Request.Headers)
        {
            length += name.Length;
            foreach (var value in values)
                length += value?.Length ?? 0;
        }

        return length > Headers ? Refusal.Of(ApiFailure.HeadersTooLarge, $"The headers may have at most {Headers} characters.") : null;
    }
}
