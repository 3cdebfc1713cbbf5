namespace Saccade.Inference.Scheduling;

/// <summary>
/// What a free session should do: send a batch of <see cref="Count"/> crops now, or look again after <see cref="Delay"/>.
/// </summary>
internal readonly record struct BatchDecision
{
    private BatchDecision(int count, TimeSpan delay) => (Count, Delay) = (count, delay);

    /// <summary>Crops to send; 0 means wait.</summary>
    public int Count { get; }

    /// <summary>How long to wait, unless something happens before; <see cref="Timeout.InfiniteTimeSpan"/> until something does.</summary>
    public TimeSpan Delay { get; }

    /// <summary>Send <paramref name="count"/> crops, at least 1.</summary>
    public static BatchDecision SendNow(int count) => new(count, TimeSpan.Zero);

    /// <summary>Wait for company, or for any work at all.</summary>
    public static BatchDecision Wait(TimeSpan delay) => new(0, delay);
}
