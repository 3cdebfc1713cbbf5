using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Platform;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Models;

/// <summary>Loads and unloads versions of models while the service runs.</summary>
/// <remarks>
/// One change at a time, whoever asks for it. A version is loaded and warmed up beside what serves; then requests go to it from one moment
/// to the next, and what served before finishes what it accepted and is freed. So memory must have room for both.
/// </remarks>
public sealed class ModelControl
{
    private static readonly ControlResult Done = new(ControlOutcome.Done);
    private static readonly ControlResult Stopping = new(ControlOutcome.ShuttingDown, "The service is stopping.");

    private readonly ModelCatalog _catalog;
    private readonly ModelLoader _loader;
    private readonly LiveRuntimes _runtimes;
    private readonly InferenceTelemetry _telemetry;
    private readonly ModelsOptions _options;
    private readonly EnsemblesOptions _ensembles;
    private readonly ILogger<ModelControl> _logger;
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    internal ModelControl(
        ModelCatalog catalog,
        ModelLoader loader,
        LiveRuntimes runtimes,
        InferenceTelemetry telemetry,
        IOptions<ModelsOptions> options,
        IOptions<EnsemblesOptions> ensembles,
        ILogger<ModelControl> logger
    )
    {
        (_catalog, _loader, _runtimes, _telemetry, _options, _logger) = (catalog, loader, runtimes, telemetry, options.Value, logger);
        _ensembles = ensembles.Value;
    }

    /// <summary>Loads a version from its folder, whether or not it serves already, and serves it.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="version">Null means the highest in its folder.</param>
    /// <returns>Completes when the version serves or is refused; what it replaced may still be finishing.</returns>
    public Task<ControlResult> LoadAsync(string name, string? version) =>
        InTurn(async () =>
        {
            var found = (ModelRepository.Scan(_options.Path) ?? []).Where(one => one.Name == name);
            var wanted = version is null ? found.LastOrDefault() : found.FirstOrDefault(one => IsNamed(one.Version, version));
            return wanted is null
                ? new(ControlOutcome.UnknownModel, $"The folder of models holds no model '{name}'{In(version)}.")
                : await LoadAsync(_catalog.Entry(wanted));
        });

    /// <summary>Takes a version out of service.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="version">Null means all of its versions.</param>
    /// <returns>Completes when everything that it accepted has been answered and its memory is freed.</returns>
    public async Task<ControlResult> UnloadAsync(string name, string? version)
    {
        Task[] freed = [];
        var result = await InTurn(() =>
        {
            var wanted = _catalog.Versions(name).Where(model => version is null || IsNamed(model.Version, version)).ToArray();
            freed = Array.ConvertAll(wanted, model => Withdraw(model, "that was asked for"));
            return Task.FromResult(
                wanted.Length > 0 ? Done : new(ControlOutcome.UnknownModel, $"There is no model '{name}'{In(version)}.")
            );
        });
        await Task.WhenAll(freed);
        return result;
    }

    /// <summary>Loads a version that was found at the start, unless somebody has decided about it since.</summary>
    internal Task LoadFirstAsync(ServedModel model) =>
        InTurn(async () =>
        {
            if (model.State != ModelState.Loading)
                return Done;
            if (_options.Versions == ServedVersions.All || !_catalog.Versions(model.Name).Any(other => other.IsServing))
                return await LoadAsync(model);
            _ = Withdraw(model, "another version serves (Models:Versions)");
            return Done;
        });

    /// <summary>Loads a version that appeared or changed.</summary>
    internal Task LoadFoundAsync(FoundVersion found) => InTurn(() => LoadAsync(_catalog.Entry(found)));

    /// <summary>Takes a version out of service whose folder is gone, and off the list.</summary>
    internal Task RemoveAsync(ServedModel model) =>
        InTurn(() =>
        {
            _ = Withdraw(model, "its folder is gone");
            _catalog.Remove(model);
            return Task.FromResult(Done);
        });

    /// <summary>Completes when the change that is under way, if any, has come to its end.</summary>
    internal Task IdleAsync()
    {
        lock (_gate)
            return _last;
    }

    private async Task<ControlResult> LoadAsync(ServedModel model)
    {
        model.Loading(BundleSnapshot.Of(model.Folder));
        if (EnsembleJson.IsIn(model.Folder))
            return LoadEnsemble(model);
        var (runtime, refusal) = await OnAThreadOfItsOwn(() => _loader.Load(model));
        if (runtime is not null && !_runtimes.TryAdd(runtime))
        {
            // The host had no more patience for this load and has stopped everything else: nobody but us knows of this one.
            await runtime.StopAsync(TimeSpan.Zero, CancellationToken.None);
            model.Refused("The service stopped before it was loaded.");
            return Stopping;
        }

        if (runtime is null)
        {
            NativeHeap.GiveBackFreeMemory();
            return Refuse(model, refusal!);
        }

        Replace(model, model.Publish(runtime));
        return Done;
    }

    private ControlResult LoadEnsemble(ServedModel model)
    {
        try
        {
            var ensemble = new Ensemble(model, EnsembleJson.ReadFrom(model.Folder), _ensembles.WhenMissing, _catalog);
            if (ensemble.Contradiction is { } contradiction)
                throw new InvalidDataException(contradiction);
            Replace(model, model.Publish(ensemble));
            var (state, members) = (ensemble.State.ToString(), string.Join(", ", ensemble.Members.Members.Select(member => member.Name)));
            Log.EnsembleReady(_logger, model.Label, state, members);
            return Done;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            var reason = error is InvalidDataException ? error.Message : $"{EnsembleJson.FileName} cannot be read; the log says why.";
            Log.ModelRefused(_logger, model.Label, error.Message, error is InvalidDataException ? null : error);
            return Refuse(model, reason);
        }
    }

    private ControlResult Refuse(ServedModel model, string reason)
    {
        model.Refused(reason);
        if (model.Runtime is not null || model.Ensemble is not null)
            Log.ModelKept(_logger, model.Label);
        return new(ControlOutcome.Refused, reason);
    }

    private void Replace(ServedModel model, ModelRuntime? replaced)
    {
        if (replaced is not null)
        {
            var left = replaced.Queue.Counts;
            Log.ModelReplaced(_logger, model.Label, left.Queued, left.Running);
            _ = RetireAsync(model, replaced);
        }

        if (_options.Versions == ServedVersions.All)
            return;
        foreach (
            var other in _catalog
                .Versions(model.Name)
                .Where(other => other != model && (other.Runtime is not null || other.Ensemble is not null))
        )
        {
            _ = Withdraw(other, $"version {model.VersionText} serves now (Models:Versions)");
        }
    }

    private Task Withdraw(ServedModel model, string reason)
    {
        var served = model.Runtime is not null || model.Ensemble is not null;
        var runtime = model.Withdraw(model.Files ?? BundleSnapshot.Of(model.Folder));
        if (served)
            Log.ModelWithdrawn(_logger, model.Label, reason);
        return runtime is null ? Task.CompletedTask : RetireAsync(model, runtime);
    }

    private async Task RetireAsync(ServedModel model, ModelRuntime runtime)
    {
        _telemetry.ModelUnloaded(runtime.Name, runtime.Version);
        await _runtimes.RetireAsync(runtime);
        model.Freed(runtime);
    }

    private Task<ControlResult> InTurn(Func<Task<ControlResult>> change)
    {
        lock (_gate)
        {
            var turn = AfterAsync(_last);
            _last = turn;
            return turn;
        }

        async Task<ControlResult> AfterAsync(Task last)
        {
            await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            return _catalog.IsStopping ? Stopping : await change();
        }
    }

    /// <summary>Loading takes seconds, and nothing of whoever asked for it shall live on in the threads that it starts.</summary>
    private static Task<LoadOutcome> OnAThreadOfItsOwn(Func<LoadOutcome> load)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Factory.StartNew(load, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private static bool IsNamed(int version, string text) => ModelRepository.TryParseVersion(text, out var number) && number == version;

    private static string In(string? version) => version is null ? "" : $" in version '{version}'";
}
