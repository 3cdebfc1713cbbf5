namespace Saccade.Bench.Load;

/// <summary>What became of one scheduled request.</summary>
/// <param name="Due">When it was to be sent, from the start.</param>
/// <param name="Lag">How late it was sent.</param>
/// <param name="Latency">From when it was due to be sent until its answer was read: a request that had to wait for the generator has
/// waited.</param>
/// <param name="Status">HTTP status; 0 for a connection that broke.</param>
/// <param name="Service">How long the service says it had it; NaN where it does not say.</param>
public readonly record struct Arrival(TimeSpan Due, TimeSpan Lag, TimeSpan Latency, int Status, double Service)
{
    /// <summary>When its answer was read, from the start.</summary>
    public TimeSpan End => Due + Latency;

    /// <summary>Whether labels came back.</summary>
    public bool IsAnswer => Status == 200;
}
