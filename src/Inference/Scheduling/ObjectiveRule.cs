namespace Saccade.Inference.Scheduling;

/// <summary>From a latency objective to batch size and delay. Pure.</summary>
internal static class ObjectiveRule
{
    // Share of the sessions' time that may be planned for: beyond it queues grow without bound.
    private const double Utilisation = 0.8;

    /// <summary>
    /// A crop may meet a run that has just begun and then has its own: two runs must fit. Within that, waiting for company pays only as far
    /// as the arrivals need batches to be kept up with; the wait is the time in which that many arrive.
    /// </summary>
    /// <param name="objective">From entering the queue to the answer, above 0.</param>
    /// <param name="cost">What runs cost.</param>
    /// <param name="sizes">Batch sizes that may be run.</param>
    /// <param name="sessions">Runs at once, at least 1.</param>
    /// <param name="arrivals">Crops per second, at least 0.</param>
    public static BatchAim Choose(TimeSpan objective, CostLine cost, BatchSizes sizes, int sessions, double arrivals)
    {
        if (!cost.IsKnown)
            return new(sizes.Maximum, 1, TimeSpan.Zero);
        var allowed = objective.TotalSeconds;
        var largest = Largest(sizes, cost, allowed / 2);
        var enough = sizes.RowsFor(1);
        while (enough < largest && Utilisation * sessions * enough / cost.Seconds(enough) < arrivals)
            enough = sizes.RowsFor(enough + 1);

        var arrive = enough > 1 && arrivals > 0 ? (enough - 1) / arrivals : 0;
        var patience = Math.Max(0, allowed - (2 * cost.Seconds(enough)));
        return new(largest, enough, TimeSpan.FromSeconds(Math.Min(arrive, patience)));
    }

    private static int Largest(BatchSizes sizes, CostLine cost, double seconds)
    {
        var largest = sizes.RowsFor(1);
        while (largest < sizes.Maximum && sizes.RowsFor(largest + 1) is var next && cost.Seconds(next) <= seconds)
            largest = next;
        return largest;
    }
}

/// <summary>What batches should be like now.</summary>
/// <param name="Largest">Most crops in a batch.</param>
/// <param name="Enough">Crops that are sent without waiting for more.</param>
/// <param name="Delay">Longest wait for them while a session is free.</param>
internal readonly record struct BatchAim(int Largest, int Enough, TimeSpan Delay);
