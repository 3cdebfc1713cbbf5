using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Models;

/// <summary>The models that are served. Live: what it tells may change from one call to the next.</summary>
public sealed class ModelCatalog
{
    private readonly Lock _gate = new();
    private readonly string? _configuredDefault;
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<ServedModel> _models = [];
    private volatile bool _stopping;

    internal ModelCatalog(IOptions<ModelsOptions> options, InferenceTelemetry telemetry)
    {
        _configuredDefault = options.Value.Default;
        telemetry.Observe(() =>
            List()
                .Select(model => new ModelGauges(
                    model.Name,
                    model.Version,
                    model.QueueDepth,
                    model.Sessions.Busy,
                    model.Sessions.Healthy,
                    model.Sessions.Total
                ))
        );
    }

    /// <summary>Whether every version that is served has been warmed up and the service is not stopping.</summary>
    public bool IsReady => NotReadyReason is null;

    /// <summary>Why <see cref="IsReady"/> is false, in one sentence without paths; null when it is true.</summary>
    public string? NotReadyReason
    {
        get
        {
            if (_stopping)
                return "The service is stopping.";
            if (!_loaded.Task.IsCompleted)
                return "Models are loading.";
            if (_models.FirstOrDefault(model => model.Runtime is not null && !model.IsServing) is { } lost)
                return $"Model '{lost.Label}' has no working session.";
            if (DefaultModel() is not { } name)
                return _configuredDefault is null
                    ? "No model could be loaded."
                    : $"The default model '{_configuredDefault}' is not served.";
            return DefaultVersion(name) is { IsServing: true } ? null : $"The default model '{name}' is not served.";
        }
    }

    /// <summary>Completes once every model has been loaded or refused; never fails.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Every version found, by name, then version; broken ones too.</summary>
    public IReadOnlyList<ModelStatus> List()
    {
        var defaultModel = DefaultModel();
        return [.. _models.Select(model => model.Status(model == DefaultVersion(model.Name), model.Name == defaultModel))];
    }

    /// <summary>
    /// Values of <see cref="ClassifyRequest.Crops"/> that some model knows: numbers, smallest first, and <see cref="CropMode.Auto"/>.
    /// </summary>
    public IReadOnlyList<CropMode> CropModes =>
        CropPlans.With(_models.SelectMany(model => model.Runtime?.Manifest.Preprocessing.CropPlans?.Keys ?? []));

    /// <summary>What each version has done since the service started, by name, then version.</summary>
    public IReadOnlyList<(string Name, int Version, VersionStatistics Done)> Statistics() =>
        [.. _models.Select(model => (model.Name, model.Version, model.Statistics.Snapshot()))];

    /// <summary>Finds the version that answers for a request.</summary>
    /// <returns>Null if there is none such.</returns>
    internal ServedModel? Find(ModelQuery query)
    {
        var (name, version, networksOnly) = query;
        name ??= DefaultModel();
        if (name is null)
            return null;
        if (networksOnly)
            return FindNetwork(name, version);
        if (version is null)
            return DefaultVersion(name);
        return ModelRepository.TryParseVersion(version, out var number)
            ? _models.FirstOrDefault(model => model.Version == number && model.Name == name)
            : null;
    }

    /// <summary>Who answers for a request at the moment: a model, or the members of an ensemble.</summary>
    /// <returns>Null if nobody does.</returns>
    internal MemberSet? FindMembers(ModelQuery query)
    {
        ServedModel? before = null;
        while (Find(query) is { } found && found != before)
        {
            if (found.Ensemble is { IsServing: true } ensemble)
                return ensemble.Members;
            if (found is { Ensemble: null, Runtime: { } runtime })
                return MemberSet.Of(runtime, query);
            before = found;
        }

        return null;
    }

    /// <summary>Keeps room with what answers for a request at the moment.</summary>
    /// <remarks>
    /// A version that is retired between being found and being asked refuses: what takes its place was put there before, so it is found by
    /// looking again.
    /// </remarks>
    internal ReservationResult TryReserve(ModelQuery query, in RoomDemand demand)
    {
        for (var found = Find(query); ; )
        {
            var runtime = found?.Runtime;
            var result = runtime?.TryReserve(demand) ?? ReservationResult.Refused(ClassifyFailure.NotReady);
            if (runtime is not null && result.Failure != ClassifyFailure.ShuttingDown)
                return result;

            var next = Find(query);
            if (next == found && next?.Runtime == runtime)
                return result;
            found = next;
        }
    }

    private ServedModel? FindNetwork(string name, string? version)
    {
        ServedModel[] models =
        [
            .. _models.Where(model => model.Name == name && !model.IsEnsemble && (version is null || model.VersionText == version)),
        ];
        return Array.FindLast(models, model => model.IsServing) ?? models.LastOrDefault();
    }

    /// <summary>Whether there is an ensemble of that name and version, or of any version.</summary>
    internal bool IsEnsemble(string name, string? version) =>
        _models.Any(model => model.Name == name && model.IsEnsemble && (version is null || model.VersionText == version));

    /// <summary>The entry of a version; a new one, yet to be loaded, if there is none.</summary>
    internal ServedModel Entry(FoundVersion found)
    {
        lock (_gate)
        {
            var models = _models;
            if (models.FirstOrDefault(model => model.Name == found.Name && model.Version == found.Version) is { } there)
                return there;
            var added = new ServedModel(found.Name, found.Version, found.Folder);
            _models = [.. models.Append(added).OrderBy(model => model.Name, StringComparer.Ordinal).ThenBy(model => model.Version)];
            return added;
        }
    }

    /// <summary>Every version of a model, by version.</summary>
    internal IReadOnlyList<ServedModel> Versions(string name) => [.. _models.Where(model => model.Name == name)];

    /// <summary>Every version of every model.</summary>
    internal IReadOnlyList<ServedModel> All => _models;

    /// <summary>Takes an entry off the list; nothing must answer for it any more.</summary>
    internal void Remove(ServedModel model)
    {
        lock (_gate)
            _models = [.. _models.Where(other => other != model)];
    }

    /// <summary>Every model found at the start has been loaded or refused.</summary>
    internal void AllLoaded() => _loaded.TrySetResult();

    /// <summary>Whether the service is about to stop.</summary>
    internal bool IsStopping => _stopping;

    /// <summary>The service is about to stop: not ready any more, though requests are still answered.</summary>
    internal void Stopping() => _stopping = true;

    /// <summary>The configured one, or the first by name that works; while none does, the first there is.</summary>
    private string? DefaultModel()
    {
        var models = _models;
        if (_configuredDefault is not null)
            return models.Any(model => model.Name == _configuredDefault) ? _configuredDefault : null;
        return (models.FirstOrDefault(model => model.IsServing) ?? models.FirstOrDefault(model => model.State != ModelState.Failed))?.Name;
    }

    /// <summary>The highest version that works; while none does, the highest there is.</summary>
    private ServedModel? DefaultVersion(string name)
    {
        var models = _models;
        return models.LastOrDefault(model => model.Name == name && model.IsServing) ?? models.LastOrDefault(model => model.Name == name);
    }
}
