namespace Saccade.Inference.Queueing;

/// <summary>How long one session needs per crop, smoothed over the last runs; the base of <c>Retry-After</c>. Not thread-safe.</summary>
internal sealed class ServiceRate
{
    private const double Smoothing = 0.1;

    private double _secondsPerCrop;

    /// <summary>Learns from one run.</summary>
    public void Observe(TimeSpan run, int crops)
    {
        var measured = run.TotalSeconds / crops;
        _secondsPerCrop = _secondsPerCrop == 0 ? measured : _secondsPerCrop + (Smoothing * (measured - _secondsPerCrop));
    }

    /// <summary>When <paramref name="crops"/> waiting crops will be done by <paramref name="sessions"/> sessions, between 10 ms and 1 min.</summary>
    public TimeSpan TimeToServe(int crops, int sessions) =>
        TimeSpan.FromSeconds(Math.Clamp(_secondsPerCrop * crops / Math.Max(1, sessions), 0.01, 60));
}
