using System.Globalization;
using Saccade.Inference.Bundles;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Models;

/// <summary>One version of a model, from the moment its folder was found. What answers for it may be exchanged while it serves.</summary>
internal sealed class ServedModel(FoundVersion found)
{
    private volatile ModelRuntime? _runtime;
    private volatile ModelRuntime? _withdrawn;
    private volatile Ensemble? _ensemble;
    private volatile bool _holdsEnsemble = found.HoldsEnsemble;
    private volatile LoadFailure? _failure;
    private volatile ModelState _unserved = ModelState.Loading;

    /// <summary>Folder name of the model.</summary>
    public string Name => found.Name;

    /// <summary>Its version.</summary>
    public long Version => found.Version;

    /// <summary>Its version, as clients write it.</summary>
    public string VersionText { get; } = found.Version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Name and version, for logs.</summary>
    public string Label { get; } = string.Create(CultureInfo.InvariantCulture, $"{found.Name}/{found.Version}");

    /// <summary>Where its files are.</summary>
    public string Folder => found.Folder;

    /// <summary>What the files looked like when they were last loaded, refused or unloaded; null before that.</summary>
    public BundleSnapshot? Files { get; private set; }

    /// <summary>Sums of what it does.</summary>
    public ModelStatistics Statistics { get; } = new();

    /// <summary>What answers; null until loaded, when refused and when unloaded, and for an ensemble.</summary>
    public ModelRuntime? Runtime => _runtime;

    /// <summary>Whose members answer; null unless this is an ensemble and served.</summary>
    public Ensemble? Ensemble => _ensemble;

    /// <summary>Whether it is an ensemble, served or not.</summary>
    public bool IsEnsemble => _ensemble is not null || (_runtime is null && _holdsEnsemble);

    /// <summary>Digest of its labels (<see cref="Succession.Digest"/>); null while they are not known.</summary>
    public string? LabelsDigest => _runtime?.LabelsDigest ?? _ensemble?.LabelsDigest;

    /// <summary>Whether its classes are what somebody wrote down, not what its graph lets guess.</summary>
    public bool HasLabels => _runtime is not { LabelsAssumed: true };

    /// <summary>Why it was not loaded, or what its folder holds by now; null while all is well.</summary>
    public LoadFailure? Failure => _failure;

    /// <summary>Why it, or what its folder holds by now, is not served; null while all is well.</summary>
    public string? Error =>
        _failure?.Reason
        ?? _ensemble?.Error
        ?? (_ensemble is null && State == ModelState.Failed ? "Every session of this model was lost." : null);

    /// <summary>Whether it does not serve and will not before its files, or for an ensemble its members, are others.</summary>
    public bool IsBroken => State == ModelState.Failed && (_failure?.IsLasting ?? _ensemble?.IsBroken ?? false);

    /// <summary>Where it is in its life.</summary>
    public ModelState State => _ensemble?.State ?? StateOf(_runtime);

    /// <summary>Whether it can answer now.</summary>
    public bool IsServing => State is ModelState.Ready or ModelState.Degraded;

    /// <summary>The attempt to load it that was made last; it may have been given up and still not be over.</summary>
    public Task LastLoad { get; private set; } = Task.CompletedTask;

    /// <summary>Its files are being loaded; what has served so far goes on.</summary>
    /// <param name="load">Completes when nothing of it is left on a thread.</param>
    public void Loading(Task load)
    {
        LastLoad = load;
        _unserved = ModelState.Loading;
    }

    /// <summary>What its folder held when it was loaded or refused.</summary>
    public void Read(LoadOutcome outcome)
    {
        Files = outcome.Files;
        _holdsEnsemble = outcome.Ensemble is not null || (outcome.Failure is not null && _holdsEnsemble);
    }

    /// <summary>Loaded and warmed up: from now on this answers.</summary>
    /// <returns>What answered before, to be retired.</returns>
    public ModelRuntime? Publish(ModelRuntime runtime)
    {
        _failure = null;
        runtime.Pool.IsCounted = true;
        var replaced = Interlocked.Exchange(ref _runtime, runtime);
        _ensemble = null;
        return replaced;
    }

    /// <summary>Read and found sound: from now on its members answer.</summary>
    /// <returns>What answered before, to be retired.</returns>
    public ModelRuntime? Publish(Ensemble ensemble)
    {
        _failure = null;
        _ensemble = ensemble;
        return Interlocked.Exchange(ref _runtime, null);
    }

    /// <summary>The files are not to be served; what has served so far goes on.</summary>
    public void Refused(LoadFailure failure)
    {
        _failure = failure;
        _unserved = ModelState.Failed;
    }

    /// <summary>Whether it was taken out of service and has not been loaded since.</summary>
    public bool IsWithdrawn => _unserved == ModelState.Unloaded;

    /// <summary>Not to be served any more; a load that is under way comes to nothing.</summary>
    /// <param name="files">What its files look like; loading them again takes a wish, or a change.</param>
    /// <returns>What answered, to be retired; null if nothing did.</returns>
    public ModelRuntime? Withdraw(BundleSnapshot? files)
    {
        Files = files;
        _failure = null;
        _unserved = ModelState.Unloaded;
        _ensemble = null;
        var runtime = Interlocked.Exchange(ref _runtime, null);
        _withdrawn = runtime ?? _withdrawn;
        return runtime;
    }

    /// <summary>A runtime that this version once had is freed.</summary>
    public void Freed(ModelRuntime runtime) => Interlocked.CompareExchange(ref _withdrawn, null, runtime);

    /// <summary>A snapshot for operators.</summary>
    public ModelStatus Status(bool isDefault, bool isDefaultModel)
    {
        var (runtime, ensemble) = (_runtime, _ensemble);
        return new ModelStatus(
            Name,
            VersionText,
            isDefault,
            isDefaultModel,
            ensemble?.State ?? StateOf(runtime),
            Error,
            runtime?.Manifest,
            runtime?.Assumed ?? [],
            runtime?.Device,
            runtime?.Pool.Counts ?? default,
            runtime?.Queue.Counts.Queued ?? 0,
            runtime?.Pool.Limits
        )
        {
            IsBroken = IsBroken,
            Ignored = runtime?.Ignored ?? [],
            Layout = runtime?.Layout,
            Ensemble = ensemble?.Status,
        };
    }

    /// <summary>A snapshot for metrics.</summary>
    public ModelGauges Gauges
    {
        get
        {
            var runtime = _runtime;
            var sessions = runtime?.Pool.Counts ?? default;
            return new(
                Name,
                VersionText,
                runtime?.Queue.Counts.Queued ?? 0,
                runtime?.Queue.Wait ?? TimeSpan.Zero,
                sessions.Busy,
                sessions.Healthy,
                sessions.Total
            );
        }
    }

    private ModelState StateOf(ModelRuntime? runtime)
    {
        if (runtime is null)
            return _unserved == ModelState.Unloaded && _withdrawn is not null ? ModelState.Draining : _unserved;
        if (runtime.IsStopping)
            return ModelState.Draining;
        if (runtime.Pool.Counts.Healthy == 0)
            return ModelState.Failed;
        return runtime.Pool.IsWhole ? ModelState.Ready : ModelState.Degraded;
    }
}
