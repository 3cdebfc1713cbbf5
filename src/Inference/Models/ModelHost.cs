using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution;
using Saccade.Inference.Execution.Platform;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Models;

/// <summary>
/// Loads the models once the host starts, has their folder watched if that is wished, and drains them when the host stops.
/// </summary>
/// <remarks>
/// Loading does not hold the host's start up: the server answers meanwhile that it is not ready. The host stops services in the reverse
/// order of their start, and the web server starts last: when <see cref="StopAsync"/> is called, every request that the server accepted has
/// been answered.
/// </remarks>
internal sealed class ModelHost(
    ModelCatalog catalog,
    ModelControl control,
    LiveRuntimes runtimes,
    RepositoryWatch watch,
    InferenceTelemetry telemetry,
    IEnumerable<WarmUp> warmUps,
    IOptions<ModelsOptions> models,
    IOptions<ExecutionOptions> execution,
    IHostApplicationLifetime lifetime,
    ILogger<ModelHost> logger
) : IHostedService
{
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task? _stopping;
    private CancellationTokenRegistration _onStopping;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _onStopping = lifetime.ApplicationStopping.Register(catalog.Stopping);
        NativeHeap.KeepLittle();
        var path = Path.GetFullPath(models.Value.Path);
        var found = ModelRepository.Scan(path, (model, folder) => Log.VersionFolderIgnored(logger, model, folder));
        if (found is null)
            Log.NoModelFolder(logger, path);
        ServedModel[] versions = [.. (found ?? []).Select(catalog.Entry)];
        Log.LoadingModels(logger, path, versions.Length);
        _running = Task.Run(() => RunAsync(versions), CancellationToken.None);
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
            await Task.WhenAll(_running, control.IdleAsync()).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The host has no more patience for a model that is still loading; those that serve are drained all the same.
        }

        await runtimes.StopAsync(execution.Value.DrainTimeout, cancellationToken);
        await _onStopping.DisposeAsync();
    }

    private async Task WarmUpAsync(WarmUp warmUp)
    {
        try
        {
            await warmUp(lifetime.ApplicationStopping);
        }
        catch (Exception error)
        {
            // The first clients wait a little longer then; that is all.
            if (!lifetime.ApplicationStopping.IsCancellationRequested)
                Log.WarmUpFailed(logger, error);
        }
    }

    private async Task RunAsync(IReadOnlyList<ServedModel> found)
    {
        // Ensembles once their members are there; the highest version first where one is to serve; the order does not matter to the others.
        foreach (
            var model in found
                .OrderBy(model => model.IsEnsemble)
                .ThenBy(model => model.Name, StringComparer.Ordinal)
                .ThenByDescending(model => model.Version)
        )
        {
            await control.LoadFirstAsync(model);
            if (catalog.IsStopping && model.State == ModelState.Loading)
                model.Refused("The service stopped before it was loaded.");
        }

        telemetry.IsPaused = true;
        foreach (var warmUp in warmUps)
            await WarmUpAsync(warmUp);
        telemetry.IsPaused = false;
        catalog.AllLoaded();
        if (models.Value.Watch)
            await watch.RunAsync(lifetime.ApplicationStopping);
    }
}
