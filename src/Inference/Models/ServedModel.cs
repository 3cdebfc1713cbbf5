namespace Saccade.Inference.Models;

/// <summary>One version of a model, from the moment its folder was found. Live.</summary>
internal sealed class ServedModel(string name, int version, string folder)
{
    private volatile ModelRuntime? _runtime;
    private volatile string? _error;
    private volatile bool _draining;

    /// <summary>Folder name of the model.</summary>
    public string Name => name;

    /// <summary>Its version.</summary>
    public int Version => version;

    /// <summary>Name and version, for logs.</summary>
    public string Label { get; } = $"{name}/{version}";

    /// <summary>Where its files are.</summary>
    public string Folder => folder;

    /// <summary>What answers; null until loaded, and when refused.</summary>
    public ModelRuntime? Runtime => _runtime;

    /// <summary>Why it is not served; null while all is well.</summary>
    public string? Error => _error ?? (State == ModelState.Failed ? "Every session of this model was lost." : null);

    /// <summary>Where it is in its life.</summary>
    public ModelState State
    {
        get
        {
            if (_error is not null) return ModelState.Failed;
            if (_runtime is not { } runtime) return ModelState.Loading;
            if (_draining) return ModelState.Draining;
            if (runtime.Pool.Counts.Healthy == 0) return ModelState.Failed;
            return runtime.Pool.IsWhole ? ModelState.Ready : ModelState.Degraded;
        }
    }

    /// <summary>Whether it can answer now.</summary>
    public bool IsServing => State is ModelState.Ready or ModelState.Degraded;

    /// <summary>Loaded and warmed up.</summary>
    public void Loaded(ModelRuntime runtime) => _runtime = runtime;

    /// <summary>Not to be served.</summary>
    public void Refused(string reason) => _error = reason;

    /// <summary>Stops: see <see cref="Execution.WorkerPool.StopAsync"/>.</summary>
    public Task StopAsync(TimeSpan drainTimeout, CancellationToken cancellationToken)
    {
        _draining = true;
        return _runtime is { } runtime ? runtime.Pool.StopAsync(drainTimeout, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>A snapshot for operators.</summary>
    public ModelStatus Status(bool isDefault, bool isDefaultModel)
    {
        var runtime = _runtime;
        return new ModelStatus(
            name,
            version.ToString(System.Globalization.CultureInfo.InvariantCulture),
            isDefault,
            isDefaultModel,
            State,
            Error,
            runtime?.Manifest,
            runtime?.ManifestAssumed ?? false,
            runtime?.Device,
            runtime?.Pool.Counts ?? default,
            runtime?.Queue.Counts.Queued ?? 0,
            runtime?.Pool.Limits);
    }
}
