using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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
        var found = watch.LookFirst();
        if (found is null)
            Log.NoModelFolder(logger, path);
        ServedModel[] versions = [.. (found ?? []).Select(catalog.Entry)];
        Log.LoadingModels(logger, path, versions.Length);
        if (string.IsNullOrEmpty(models.Value.Default) && versions.DistinctBy(model => model.Name).Skip(1).Any())
            Log.DefaultModelChosen(logger, catalog.DefaultModel!);
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
        // All are asked for at once: each waits for those before it, but not for one that hangs. Nor does who stops the service.
        await Task.WhenAll(InOrder(found).Select(LoadFirstAsync))
            .WaitAsync(lifetime.ApplicationStopping)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        telemetry.IsPaused = true;
        foreach (var warmUp in warmUps)
            await WarmUpAsync(warmUp);
        telemetry.IsPaused = false;
        catalog.AllLoaded(found);
        if (!catalog.IsStopping && catalog.NotReadyReason is { } reason)
            Log.NotReady(logger, reason);
        await watch.RunAsync(lifetime.ApplicationStopping);
    }

    /// <summary>
    /// Ensembles once their members are there. Where all versions serve, the lowest first, so that the others are compared with it; where
    /// one is to serve, the one that is to be it.
    /// </summary>
    private IEnumerable<ServedModel> InOrder(IReadOnlyList<ServedModel> found) =>
        found
            .GroupBy(model => model.Name)
            .SelectMany(
                IEnumerable<ServedModel> (versions) =>
                    models.Value.Versions == ServedVersions.All ? versions : Succession.InOrder([.. versions])
            )
            .OrderBy(model => model.IsEnsemble);

    private async Task LoadFirstAsync(ServedModel model)
    {
        await control.LoadFirstAsync(model);
        if (catalog.IsStopping && model.State == ModelState.Loading)
            model.Refused(new("The service stopped before it was loaded.", IsLasting: false));
    }
}
