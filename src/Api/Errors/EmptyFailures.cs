using Microsoft.AspNetCore.Diagnostics;

namespace Saccade.Api.Errors;

/// <summary>Gives a problem document to the answers that the framework leaves empty.</summary>
internal static class EmptyFailures
{
    public static Task WriteAsync(StatusCodeContext empty)
    {
        var context = empty.HttpContext;
        return Of(context) is { } refusal
            ? context.RequestServices.GetRequiredService<FailureWriter>().WriteAsync(context, refusal)
            : Task.CompletedTask;
    }

    private static Refusal? Of(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Refusal.Of(
                ApiFailure.RouteNotFound,
                $"Nothing is served under {context.Request.Path.ToUriComponent()}."
            ),
            StatusCodes.Status405MethodNotAllowed => Refusal.Of(
                ApiFailure.MethodNotAllowed,
                $"{context.Request.Path.ToUriComponent()} is served with {context.Response.Headers.Allow} only."
            ),
            _ => null,
        };
}
