namespace Saccade.Api.Errors;

/// <summary>The answer of an endpoint that refuses.</summary>
internal sealed class RefusalResult(Refusal refusal) : IResult
{
    /// <summary>What is refused.</summary>
    public Refusal Refusal => refusal;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) =>
        httpContext.RequestServices.GetRequiredService<FailureWriter>().WriteAsync(httpContext, refusal);
}
