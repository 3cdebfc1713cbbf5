using System.Diagnostics;
using Saccade.Inference.Cropping;
using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Models;

/// <summary>Room in the queue of one version, kept for a request until it enters; given back if it does not.</summary>
/// <param name="runtime">Whose queue.</param>
/// <param name="demand">What was asked for.</param>
internal sealed class Reservation(ModelRuntime runtime, RoomDemand demand) : IDisposable
{
    private bool _isSpent;

    /// <summary>What will answer. It finishes what it promised room, even if it is retired meanwhile.</summary>
    public ModelRuntime Runtime => runtime;

    /// <summary>A request that may enter with this reservation.</summary>
    /// <param name="crops">At least 1, at most as many as there is room for.</param>
    /// <param name="source">What they show; the request's from now on.</param>
    /// <param name="trace">The span of the request; default when there is none.</param>
    public PendingRequest Request(int crops, ICropSource source, ActivityContext trace) =>
        new(crops, runtime.Layout.Classes, source, demand.DueAt, demand.Priority, demand.Features ? runtime.Layout.FeaturesSize : 0)
        {
            Trace = trace,
        };

    /// <summary>Enters the queue and waits for the end: see <see cref="CropQueue.SubmitAsync"/>. The room is used up.</summary>
    public Task<RequestResult> SubmitAsync(PendingRequest request, CancellationToken cancellationToken)
    {
        _isSpent = true;
        return runtime.Queue.SubmitAsync(request, demand.Crops, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isSpent)
            return;
        _isSpent = true;
        runtime.Queue.Release(demand.Crops);
    }
}

/// <summary>What came of asking for room: a reservation, or why there is none.</summary>
internal readonly record struct ReservationResult
{
    private ReservationResult(Reservation? reservation, ClassifyFailure? failure, TimeSpan retryAfter) =>
        (Reservation, Failure, RetryAfter) = (reservation, failure, retryAfter);

    /// <summary>The room; null if there is none.</summary>
    public Reservation? Reservation { get; }

    /// <summary>Why there is none; null if there is.</summary>
    public ClassifyFailure? Failure { get; }

    /// <summary>When trying again makes sense; zero if that is not known.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>There is room.</summary>
    public static ReservationResult Of(Reservation reservation) => new(reservation, failure: null, TimeSpan.Zero);

    /// <summary>There is none.</summary>
    public static ReservationResult Refused(ClassifyFailure failure, TimeSpan retryAfter = default) =>
        new(reservation: null, failure, retryAfter);
}
