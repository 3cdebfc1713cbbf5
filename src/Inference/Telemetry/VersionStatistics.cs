namespace Saccade.Inference.Telemetry;

/// <summary>What one version of a model has done since the service started. The unit is the crop: one row of the network's input.</summary>
/// <param name="LastRun">When its last batch ended; null before the first.</param>
/// <param name="Answered">Crops that ran, and the time each took from entering the queue to the end of its run.</param>
/// <param name="Failed">Crops whose batch failed, and the same time until then.</param>
/// <param name="Waited">Crops that ran, and the time each waited for its run.</param>
/// <param name="Batches">Runs, and the time they took, by the number of crops in them.</param>
public sealed record VersionStatistics(
    DateTimeOffset? LastRun,
    Accumulated Answered,
    Accumulated Failed,
    Accumulated Waited,
    IReadOnlyDictionary<int, Accumulated> Batches
);

/// <summary>A number of events and the time they took together.</summary>
/// <param name="Count">How many.</param>
/// <param name="Time">Their sum.</param>
public readonly record struct Accumulated(long Count, TimeSpan Time)
{
    /// <summary>With more events.</summary>
    public Accumulated Plus(long count, TimeSpan time) => new(Count + count, Time + time);
}
