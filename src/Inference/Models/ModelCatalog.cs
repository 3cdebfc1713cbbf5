namespace Saccade.Inference.Models;

/// <summary>The models that are served. Live: what it tells may change from one call to the next.</summary>
public sealed class ModelCatalog
{
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IReadOnlyList<ModelStatus> _models = [];

    /// <summary>Whether every version that is served has been warmed up and the service is not stopping.</summary>
    public bool IsReady => NotReadyReason is null;

    /// <summary>Why <see cref="IsReady"/> is false, in one sentence without paths; null when it is true.</summary>
    public string? NotReadyReason => _loaded.Task.IsCompleted ? null : "Models are loading.";

    /// <summary>Completes once every model has been loaded or refused; never fails.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Every version found, by name, then version; broken ones too.</summary>
    public IReadOnlyList<ModelStatus> List() => _models;
}
