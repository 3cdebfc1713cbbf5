namespace Saccade.Inference.Scheduling;

/// <summary>Crops that arrive per second, over about the last second. Not thread-safe.</summary>
internal sealed class ArrivalRate(TimeProvider time)
{
    private const double Memory = 1;

    private double _perSecond;
    private long _at;

    /// <summary>Counts crops that arrive now.</summary>
    public void Observe(int crops)
    {
        var now = time.GetTimestamp();
        _perSecond = At(now) + (crops / Memory);
        _at = now;
    }

    /// <summary>The rate now.</summary>
    public double PerSecond => At(time.GetTimestamp());

    private double At(long now) => _perSecond == 0 ? 0 : _perSecond * Math.Exp(-time.GetElapsedTime(_at, now).TotalSeconds / Memory);
}
