using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Telemetry;

/// <summary>
/// What one version has done since the service started, later loads of it included. Told once per batch, so it costs a request nothing.
/// </summary>
internal sealed class ModelStatistics
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Accumulated> _batches = [];
    private DateTimeOffset? _lastRun;
    private Accumulated _answered;
    private Accumulated _failed;
    private Accumulated _waited;

    /// <summary>A batch ran.</summary>
    /// <param name="crops">What was in it.</param>
    /// <param name="startedAt">When the run began, as a timestamp.</param>
    /// <param name="run">How long it took.</param>
    /// <param name="time">The clock.</param>
    public void Ran(ReadOnlySpan<PendingCrop> crops, long startedAt, TimeSpan run, TimeProvider time)
    {
        var waited = TimeSpan.Zero;
        foreach (var crop in crops)
            waited += time.GetElapsedTime(crop.Request.EnqueuedAt, startedAt);
        lock (_gate)
        {
            _lastRun = time.GetUtcNow();
            _waited = _waited.Plus(crops.Length, waited);
            _answered = _answered.Plus(crops.Length, waited + (run * crops.Length));
            _batches[crops.Length] = _batches.GetValueOrDefault(crops.Length).Plus(1, run);
        }
    }

    /// <summary>A batch did not run, or failed.</summary>
    public void Failed(ReadOnlySpan<PendingCrop> crops, TimeProvider time)
    {
        var spent = TimeSpan.Zero;
        foreach (var crop in crops)
            spent += time.GetElapsedTime(crop.Request.EnqueuedAt);
        lock (_gate)
            _failed = _failed.Plus(crops.Length, spent);
    }

    /// <summary>The sums at this moment.</summary>
    public VersionStatistics Snapshot()
    {
        lock (_gate)
            return new(_lastRun, _answered, _failed, _waited, new Dictionary<int, Accumulated>(_batches));
    }
}
