using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Execution;

namespace Saccade.Inference.Models;

/// <summary>Loads the models once the host starts, and drains them when it stops.</summary>
/// <remarks>
/// Loading does not hold the host's start up: the server answers meanwhile that it is not ready. The host stops services in the reverse
/// order of their start, and the web server starts last: when <see cref="StopAsync"/> is called, every request that the server accepted has
/// been answered.
/// </remarks>
internal sealed class ModelHost(
    ModelCatalog catalog,
    ModelLoader loader,
    IOptions<ModelsOptions> models,
    IOptions<ExecutionOptions> execution,
    IHostApplicationLifetime lifetime,
    ILogger<ModelHost> logger) : IHostedService
{
    private readonly Lock _gate = new();
    private Task _loading = Task.CompletedTask;
    private Task? _stopping;
    private CancellationTokenRegistration _onStopping;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _onStopping = lifetime.ApplicationStopping.Register(catalog.Stopping);
        var path = Path.GetFullPath(models.Value.Path);
        var found = ModelRepository.Scan(path, logger);
        Log.LoadingModels(logger, path, found.Count);
        catalog.Found(found);

        // Nothing of whoever starts the host shall live on in the workers' threads.
        using (ExecutionContext.SuppressFlow())
        {
            _loading = Task.Factory.StartNew(
                () => LoadAll(found), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        // A host that is told to stop twice at once, by a signal and by whoever owns it, stops its services twice at once.
        lock (_gate)
        {
            return _stopping ??= DrainAsync(cancellationToken);
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        catalog.Stopping();
        try
        {
            await _loading.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The host has no more patience for a model that is still loading; those that serve are drained all the same.
        }

        await catalog.StopAsync(execution.Value.DrainTimeout, cancellationToken);
        await _onStopping.DisposeAsync();
    }

    private void LoadAll(IReadOnlyList<ServedModel> found)
    {
        foreach (var model in found)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested) model.Refused("The service stopped before it was loaded.");
            else loader.Load(model);
        }

        catalog.AllLoaded();
    }
}
