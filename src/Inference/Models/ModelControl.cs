using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Platform;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Models;

/// <summary>Loads and unloads versions of models while the service runs.</summary>
/// <remarks>
/// One change at a time, whoever asks for it; only a load that takes long lets others pass. A version is loaded and warmed up beside what
/// serves; then requests go to it from one moment to the next, and what served before finishes what it accepted and is freed. So memory
/// must have room for both.
/// </remarks>
public sealed class ModelControl
{
    private static readonly ControlResult Done = new(ControlOutcome.Done);
    private static readonly ControlResult Stopping = new(ControlOutcome.ShuttingDown, "The service is stopping.");

    private readonly ModelCatalog _catalog;
    private readonly VersionLoads _loads;
    private readonly LiveRuntimes _runtimes;
    private readonly InferenceTelemetry _telemetry;
    private readonly ModelsOptions _options;
    private readonly EnsemblesOptions _ensembles;
    private readonly ILogger<ModelControl> _logger;
    private readonly ChangeTurns _turns = new();

    internal ModelControl(
        ModelCatalog catalog,
        VersionLoads loads,
        LiveRuntimes runtimes,
        InferenceTelemetry telemetry,
        IOptions<ModelsOptions> options,
        IOptions<EnsemblesOptions> ensembles,
        ILogger<ModelControl> logger
    )
    {
        (_catalog, _loads, _runtimes, _telemetry, _options, _logger) = (catalog, loads, runtimes, telemetry, options.Value, logger);
        _ensembles = ensembles.Value;
    }

    /// <summary>Loads a version from its folder, whether or not it serves already, and serves it.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="version">Null means the highest in its folder.</param>
    /// <returns>Completes when the version serves or is refused; what it replaced may still be finishing.</returns>
    public Task<ControlResult> LoadAsync(string name, string? version) =>
        InTurn(async turn =>
        {
            if (await _loads.ScanAsync() is not { } versions)
                return new(ControlOutcome.Refused, "The folder of models cannot be looked at; the log says why.");
            var found = versions.Where(one => one.Name == name);
            var wanted = version is null ? found.LastOrDefault() : found.FirstOrDefault(one => IsNamed(one.Version, version));
            return wanted is null
                ? new(ControlOutcome.UnknownModel, $"The folder of models holds no model '{name}'{In(version)}.")
                : await LoadAsync(_catalog.Entry(wanted), turn, byNumber: version is not null);
        });

    /// <summary>Takes a version out of service.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="version">Null means all of its versions.</param>
    /// <returns>Completes when everything that it accepted has been answered and its memory is freed.</returns>
    public async Task<ControlResult> UnloadAsync(string name, string? version)
    {
        Task[] freed = [];
        var result = await InTurn(_ =>
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
        InTurn(async turn =>
        {
            if (model.State != ModelState.Loading)
                return Done;
            var serving = _catalog.Versions(model.Name).LastOrDefault(other => other.IsServing);
            if (_options.Versions == ServedVersions.All || serving is null)
                return await LoadAsync(model, turn, byNumber: false);
            if (serving.Version < model.Version)
                Log.HigherVersionUnserved(_logger, model.Label, serving.Label, model.Name, model.VersionText);
            _ = Withdraw(model, "another version serves (Models:Versions)");
            return Done;
        });

    /// <summary>Loads a version that appeared or changed.</summary>
    internal Task LoadFoundAsync(FoundVersion found) => InTurn(turn => LoadAsync(_catalog.Entry(found), turn, byNumber: false));

    /// <summary>Loads a version again whose files were not to blame for its failure.</summary>
    internal Task LoadAgainAsync(ServedModel model) =>
        InTurn(turn => model.Failure is { IsLasting: false } ? LoadAsync(model, turn, byNumber: false) : Task.FromResult(Done));

    /// <summary>Takes a version out of service whose folder is gone, and off the list.</summary>
    internal Task RemoveAsync(ServedModel model) =>
        InTurn(turn =>
        {
            _ = Withdraw(model, "its folder is gone");
            _catalog.Remove(model);
            return Task.FromResult(Done);
        });

    /// <summary>Completes when the change that is under way, if any, has come to its end or lets others pass.</summary>
    internal Task IdleAsync() => _turns.IdleAsync();

    private async Task<ControlResult> LoadAsync(ServedModel model, ChangeTurn turn, bool byNumber)
    {
        if (!model.LastLoad.IsCompleted)
            return new(ControlOutcome.Refused, "An earlier attempt to load it has not come to its end.");
        var outcome = await _loads.LoadAsync(model, turn);
        if (outcome.Runtime is { } runtime && !_runtimes.TryAdd(runtime))
        {
            // The host had no more patience for this load and has stopped everything else: nobody but us knows of this one.
            await runtime.StopAsync(TimeSpan.Zero, CancellationToken.None);
            model.Refused(new("The service stopped before it was loaded.", IsLasting: false));
            return Stopping;
        }

        return turn.HasGivenWay ? await InTurn(_ => SettleAsync(model, outcome, byNumber)) : await SettleAsync(model, outcome, byNumber);
    }

    /// <summary>Serves what was loaded, or refuses it.</summary>
    private async Task<ControlResult> SettleAsync(ServedModel model, LoadOutcome outcome, bool byNumber)
    {
        if (model.IsWithdrawn)
        {
            if (outcome.Runtime is { } unwanted)
                await _runtimes.RetireAsync(unwanted);
            return new(ControlOutcome.Refused, "It was unloaded while it was being loaded.");
        }

        model.Read(outcome);
        if (outcome.Ensemble is { } definition)
            return Serve(model, definition);
        if (outcome.Failure is { } failure)
        {
            NativeHeap.GiveBackFreeMemory();
            return Refuse(model, failure);
        }

        var runtime = outcome.Runtime!;
        if (!byNumber && Objection(model, runtime) is { } objection)
        {
            Log.ModelRefused(_logger, model.Label, objection, error: null);
            await _runtimes.RetireAsync(runtime);
            return Refuse(model, new(objection, IsLasting: true));
        }

        Replace(model, model.Publish(runtime));
        SayIfByNumberOnly(model);
        return Done;
    }

    private ControlResult Serve(ServedModel model, EnsembleDefinition definition)
    {
        var ensemble = new Ensemble(model, definition, _ensembles.WhenMissing, _catalog);
        if (ensemble.Contradiction is { } contradiction)
        {
            Log.ModelRefused(_logger, model.Label, contradiction, error: null);
            return Refuse(model, new(contradiction, IsLasting: true));
        }

        Replace(model, model.Publish(ensemble));
        var (state, members) = (ensemble.State.ToString(), string.Join(", ", ensemble.Members.Members.Select(member => member.Name)));
        Log.EnsembleReady(_logger, model.Label, state, members);
        SayIfByNumberOnly(model);
        return Done;
    }

    /// <summary>Why a version that nobody asked for by its number may not replace what serves; null if it may.</summary>
    private string? Objection(ServedModel model, ModelRuntime next)
    {
        if (model is { Runtime.LabelsAssumed: false } && next.LabelsAssumed)
            return $"{ManifestJson.FileName} is gone, and its labels with it. Put it back, or load the version by its number.";
        if (_options.Versions == ServedVersions.All)
            return null;
        var serving = _catalog.Versions(model.Name).LastOrDefault(other => other != model && other.IsServing);
        return serving?.LabelsDigest is { } labels && Succession.Objection(!next.LabelsAssumed, next.LabelsDigest, labels) is { } reason
            ? $"It does not replace version {serving.VersionText}, because {reason}. Mend that, or load it by its number."
            : null;
    }

    private void SayIfByNumberOnly(ServedModel model)
    {
        if (_catalog.DefaultVersion(model.Name) is not { LabelsDigest: { } labels } serving || serving == model)
            return;
        if (model.LabelsDigest is { } own && Succession.Objection(model.HasLabels, own, labels) is { } reason)
            Log.ServedByNumberOnly(_logger, model.Label, model.VersionText, serving.Label, reason);
    }

    private ControlResult Refuse(ServedModel model, LoadFailure failure)
    {
        model.Refused(failure);
        if (model.Runtime is not null || model.Ensemble is not null)
            Log.ModelKept(_logger, model.Label);
        return new(ControlOutcome.Refused, failure.Reason);
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
        // A folder whose load hangs is not looked at: that would hang, too.
        var files = model.Files ?? (model.LastLoad.IsCompleted ? BundleSnapshot.Of(model.Folder) : null);
        var runtime = model.Withdraw(files);
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

    private Task<ControlResult> InTurn(Func<ChangeTurn, Task<ControlResult>> change) =>
        _turns.RunAsync(turn => _catalog.IsStopping ? Task.FromResult(Stopping) : change(turn));

    private static bool IsNamed(long version, string text) => ModelRepository.TryParseVersion(text, out var number) && number == version;

    private static string In(string? version) => version is null ? "" : $" in version '{version}'";
}
