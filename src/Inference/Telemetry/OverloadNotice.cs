namespace Saccade.Inference.Telemetry;

/// <summary>
/// Tells the operator that requests are refused, but not once for every request: a line for each would cost more than the refusal.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="tell">Called at the first refusal, and then every ten seconds at most, with the number of all until then.</param>
public sealed class OverloadNotice(TimeProvider time, Action<long> tell)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private long _refused;
    private long _toldAt = long.MinValue;

    /// <summary>One more request was refused.</summary>
    public void Refused()
    {
        var refused = Interlocked.Increment(ref _refused);
        var (now, toldAt) = (time.GetTimestamp(), Volatile.Read(ref _toldAt));
        if (toldAt != long.MinValue && time.GetElapsedTime(toldAt, now) < Pause)
            return;
        if (Interlocked.CompareExchange(ref _toldAt, now, toldAt) == toldAt)
            tell(refused);
    }
}
