using Microsoft.Extensions.Logging;

namespace Saccade.Inference.Queueing;

/// <summary>Tells the operator that requests are refused for lack of room, but not once for every request.</summary>
/// <param name="model">Name and version.</param>
/// <param name="capacity">Crops the queue has room for.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is told.</param>
internal sealed class QueueFullNotice(string model, int capacity, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private long _refused;
    private long _toldAt = long.MinValue;

    /// <summary>One more request was refused.</summary>
    public void Refused()
    {
        var refused = Interlocked.Increment(ref _refused);
        var (now, toldAt) = (time.GetTimestamp(), Volatile.Read(ref _toldAt));
        if (toldAt != long.MinValue && time.GetElapsedTime(toldAt, now) < Pause) return;
        if (Interlocked.CompareExchange(ref _toldAt, now, toldAt) == toldAt) Log.QueueFull(logger, model, capacity, refused);
    }
}
