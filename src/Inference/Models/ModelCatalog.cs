using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Models;

/// <summary>The models that are served. Live: what it tells may change from one call to the next.</summary>
public sealed class ModelCatalog
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _strict;
    private volatile string? _defaultModel;
    private volatile ServedModel[] _models = [];
    private volatile ServedModel[] _inOrderFound = [];
    private volatile ServedModel[] _failedAtStart = [];
    private volatile bool _stopping;

    internal ModelCatalog(IOptions<ModelsOptions> options, InferenceTelemetry telemetry)
    {
        _strict = options.Value.Strict;
        _defaultModel = options.Value.Default is { Length: > 0 } configured ? configured : null;
        telemetry.Observe(() => _models.Select(static model => model.Gauges));
    }

    /// <summary>
    /// Whether every version that is served has been warmed up, none that had to be served failed, and the service is not stopping.
    /// </summary>
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
            // One that an operator has unloaded since, or whose folder was removed, is not waited for.
            if (Array.FindAll(_failedAtStart, model => model.State is ModelState.Failed or ModelState.Loading) is [var failed, .. var more])
                return NotServed($"Model '{failed.Label}'", failed) + (more.Length == 0 ? "" : $" Nor are {more.Length} more versions.");
            if (Array.Find(_models, model => model.Runtime is not null && !model.IsServing) is { } lost)
                return $"Model '{lost.Label}' has no working session.";
            if (_defaultModel is not { } name)
                return "No model was found.";
            var version = DefaultVersion(name);
            return version is { IsServing: true } ? null : NotServed($"The default model '{name}'", version);
        }
    }

    /// <summary>Completes once every model has been loaded or refused; never fails.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Every version found, by name, then version; broken ones too.</summary>
    public IReadOnlyList<ModelStatus> List() =>
        [.. _models.Select(model => model.Status(model == DefaultVersion(model.Name), model.Name == _defaultModel))];

    /// <summary>
    /// Values of <see cref="ClassifyRequest.Crops"/> that some model knows: numbers, smallest first, and <see cref="CropMode.Auto"/>.
    /// </summary>
    public IReadOnlyList<CropMode> CropModes =>
        CropPlans.With(_models.SelectMany(model => model.Runtime?.Manifest.Preprocessing.CropPlans?.Keys ?? []));

    /// <summary>What each version has done since the service started, by name, then version.</summary>
    public IReadOnlyList<(string Name, long Version, VersionStatistics Done)> Statistics() =>
        [.. _models.Select(model => (model.Name, model.Version, model.Statistics.Snapshot()))];

    /// <summary>
    /// The model that answers when a request names none: the configured one, or the first by name that the folder held when one was found
    /// for the first time. It does not change, whatever becomes of it. Null while nothing was found.
    /// </summary>
    internal string? DefaultModel => _defaultModel;

    /// <summary>Finds the version that answers for a request.</summary>
    /// <returns>Null if there is none such.</returns>
    internal ServedModel? Find(ModelQuery query)
    {
        if ((query.Name ?? _defaultModel) is not { } name)
            return null;
        if (query.Version is not { } version)
            return DefaultVersion(name, query.NetworksOnly);
        return ModelRepository.TryParseVersion(version, out var number)
            ? Array.Find(_models, model => model.Version == number && model.Name == name && !(query.NetworksOnly && model.IsEnsemble))
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

    /// <summary>Whether there is an ensemble of that name and version, or of any version.</summary>
    internal bool IsEnsemble(string name, string? version) =>
        Array.Exists(_models, model => model.Name == name && model.IsEnsemble && (version is null || model.VersionText == version));

    /// <summary>The entry of a version; a new one, yet to be loaded, if there is none.</summary>
    internal ServedModel Entry(FoundVersion found)
    {
        lock (_gate)
        {
            if (Array.Find(_models, model => model.Name == found.Name && model.Version == found.Version) is { } there)
                return there;
            var added = new ServedModel(found);
            _inOrderFound = [.. _inOrderFound, added];
            _models = [.. _models.Append(added).OrderBy(model => model.Name, StringComparer.Ordinal).ThenBy(model => model.Version)];
            _defaultModel ??= found.Name;
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
        {
            _models = [.. _models.Where(other => other != model)];
            _inOrderFound = [.. _inOrderFound.Where(other => other != model)];
        }
    }

    /// <summary>Every model found at the start has been loaded or refused.</summary>
    /// <param name="found">Those.</param>
    internal void AllLoaded(IReadOnlyList<ServedModel> found)
    {
        if (_strict)
            _failedAtStart = [.. found.Where(model => model.State == ModelState.Failed)];
        _loaded.TrySetResult();
    }

    /// <summary>Whether the service is about to stop.</summary>
    internal bool IsStopping => _stopping;

    /// <summary>The service is about to stop: not ready any more, though requests are still answered.</summary>
    internal void Stopping() => _stopping = true;

    /// <summary>
    /// The highest version that works among those that may answer for each other (<see cref="Succession"/>); while none works, the highest
    /// of them; while none was loaded, the highest there is.
    /// </summary>
    /// <remarks>Asked for every request, so without a query's enumerators.</remarks>
    internal ServedModel? DefaultVersion(string name, bool networksOnly = false)
    {
        ServedModel? working = null;
        ServedModel? loaded = null;
        ServedModel? highest = null;
        string? labels = null;
        foreach (var model in _inOrderFound)
        {
            if (model.Name != name || (networksOnly && model.IsEnsemble))
                continue;
            if (highest is null || model.Version > highest.Version)
                highest = model;
            if (model.LabelsDigest is not { } own || (labels is not null && Succession.Objection(model.HasLabels, own, labels) is not null))
                continue;
            labels = own;
            if (loaded is null || model.Version > loaded.Version)
                loaded = model;
            if ((working is null || model.Version > working.Version) && model.IsServing)
                working = model;
        }

        return working ?? loaded ?? highest;
    }

    private static string NotServed(string what, ServedModel? model) =>
        model is null ? $"{what} is not there."
        : model.Error is { } reason ? $"{what} is not served: {reason}"
        : $"{what} is not served.";
}
