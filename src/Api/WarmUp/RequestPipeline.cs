namespace Saccade.Api.WarmUp;

/// <summary>The request pipeline as the server gets it, for requests that no client sends.</summary>
internal sealed class RequestPipeline : IStartupFilter
{
    private readonly TaskCompletionSource<RequestDelegate> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the server has been given it.</summary>
    public Task<RequestDelegate> Built => _built.Task;

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(whole =>
            {
                _built.TrySetResult(whole);
                return whole;
            });
            next(app);
        };
}
