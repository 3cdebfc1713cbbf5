namespace Saccade.Api.Errors;

/// <summary>Every failure ends as one problem document, one log line and one count.</summary>
internal static class ErrorSetup
{
    public static IServiceCollection AddFailureResponses(this IServiceCollection services) =>
        services.AddSingleton<FailureWriter>().AddSingleton<ExceptionFailures>().AddExceptionHandler<ExceptionFailures>();

    /// <summary>Adds the handlers, outermost first.</summary>
    public static IApplicationBuilder UseFailureResponses(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(static _ => { });
        return app.UseStatusCodePages(EmptyFailures.WriteAsync);
    }
}
