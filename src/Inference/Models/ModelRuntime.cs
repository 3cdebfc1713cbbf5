using System.Globalization;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Telemetry;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Models;

/// <summary>Everything that one loaded version needs to answer. Stopped and freed once, whoever asks and however often.</summary>
/// <param name="name">Name of the model.</param>
/// <param name="version">Its version.</param>
internal sealed class ModelRuntime(string name, long version)
{
    private readonly TaskCompletionSource<(TimeSpan Drain, CancellationToken Token)> _hurry = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stopping;

    /// <summary>Name of the model.</summary>
    public string Name => name;

    /// <summary>Its version, as clients write it.</summary>
    public string Version { get; } = version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Tells this load from every other, even of the same version.</summary>
    public Guid LoadId { get; } = Guid.NewGuid();

    /// <summary>What it needs and promises.</summary>
    public required ModelManifest Manifest { get; init; }

    /// <summary>Fields of the manifest that nobody gave: what the graph tells, or defaults.</summary>
    public required IReadOnlyList<string> Assumed { get; init; }

    /// <summary>What Triton's <c>config.pbtxt</c> asks for and the service does without.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whether nobody named its classes.</summary>
    public required bool LabelsAssumed { get; init; }

    /// <summary>Equal for two versions that have the same labels in the same order, and for no others.</summary>
    public required string LabelsDigest { get; init; }

    /// <summary>Its tensors.</summary>
    public required TensorLayout Layout { get; init; }

    /// <summary>What runs it.</summary>
    public required string Device { get; init; }

    /// <summary>Crops that wait.</summary>
    public required CropQueue Queue { get; init; }

    /// <summary>Tells the operator when there is no room for more.</summary>
    public required OverloadNotice Notice { get; init; }

    /// <summary>Sessions that pull them.</summary>
    public required WorkerPool Pool { get; init; }

    /// <summary>Whether it takes no new work any more.</summary>
    public bool IsStopping => Volatile.Read(ref _stopping) != 0;

    /// <summary>Completes when everything accepted has ended and the sessions are freed.</summary>
    public Task Freed => _freed.Task;

    /// <summary>Keeps room for a request: see <see cref="CropQueue.TryReserve"/>.</summary>
    /// <returns>The room, or why there is none: <see cref="ClassifyFailure.ShuttingDown"/> once it is retired.</returns>
    public ReservationResult TryReserve(in RoomDemand demand)
    {
        if (demand.Crops > Queue.Capacity || (demand.Plan is { } plan && !CropPlans.Has(plan, Manifest.Preprocessing)))
            return ReservationResult.Refused(ClassifyFailure.UnsupportedCrops);
        if (demand.Features && Layout.Features is null)
            return ReservationResult.Refused(ClassifyFailure.NoFeatures);
        if (Queue.TryReserve(demand.Crops, demand.DueAt, demand.Priority, out var retryAfter) is not { } refusal)
        {
#pragma warning disable CA2000 // The caller's from here on.
            return ReservationResult.Of(new Reservation(this, demand));
#pragma warning restore CA2000
        }

        if (refusal is ClassifyFailure.QueueFull or ClassifyFailure.DeadlineUnreachable)
            Notice.Refused();
        return ReservationResult.Refused(refusal, retryAfter);
    }

    /// <summary>Takes no new work, finishes what was accepted, however long its deadlines allow, then frees everything.</summary>
    /// <returns><see cref="Freed"/>.</returns>
    public Task RetireAsync()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 0)
            _ = FreeAsync();
        return Freed;
    }

    /// <summary>
    /// The same, but what has not ended after <paramref name="drainTimeout"/> is failed: see <see cref="WorkerPool.StopAsync"/>.
    /// </summary>
    /// <returns><see cref="Freed"/>.</returns>
    public Task StopAsync(TimeSpan drainTimeout, CancellationToken cancellationToken)
    {
        _hurry.TrySetResult((drainTimeout, cancellationToken));
        return RetireAsync();
    }

    private async Task FreeAsync()
    {
        try
        {
            Queue.Close(ClassifyFailure.ShuttingDown);
            await Task.WhenAny(Queue.Drained, _hurry.Task);
            var (drain, token) = _hurry.Task.IsCompleted ? await _hurry.Task : default;
            await Pool.StopAsync(drain, token);
            _freed.TrySetResult();
        }
        catch (Exception error)
        {
            _freed.TrySetException(error);
        }
    }
}
