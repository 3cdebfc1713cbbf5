namespace Saccade.Inference.Scheduling;

/// <summary>Asks the <see cref="BatchRule"/> about a queue: with its limits, or with those that its latency objective chooses. Not
/// thread-safe.</summary>
/// <param name="setup">The queue's.</param>
/// <param name="waiting">Crops that wait.</param>
/// <param name="pool">What the sessions do.</param>
/// <param name="time">The clock.</param>
internal sealed class BatchFormer(QueueSetup setup, WaitingCrops waiting, PoolLoad pool, TimeProvider time)
{
    private readonly ArrivalRate _arrivals = new(time);
    private BatchSizes _aimed = pool.Limits.Sizes;

    /// <summary>Most crops in a batch at present.</summary>
    public int Largest => (setup.LatencyObjective is null ? pool.Limits.Sizes : _aimed).Maximum;

    /// <summary>Other limits are in force from now on.</summary>
    public void LimitsChanged() => _aimed = pool.Limits.Sizes;

    /// <summary>Crops have entered.</summary>
    public void Arrived(int crops) => _arrivals.Observe(crops);

    /// <summary>Decides for a session that is free now.</summary>
    /// <param name="draining">No more work will come.</param>
    public BatchDecision Decide(bool draining)
    {
        var limits = pool.Limits with { Sessions = Math.Max(1, pool.Limits.Sessions - pool.Running), Cost = pool.Cost };
        if (waiting.Count > 0 && setup.LatencyObjective is { } objective)
        {
            var aim = ObjectiveRule.Choose(objective, limits.Cost, limits.Sizes, pool.Limits.Sessions, _arrivals.PerSecond);
            if (_aimed.Maximum != aim.Largest)
                _aimed = limits.Sizes.AtMost(aim.Largest);
            limits = limits with { Sizes = _aimed, Enough = aim.Enough, MaxDelay = aim.Delay };
        }

        // Who waited longest, and who must go first, is looked for only among crops too few to be sent.
        if (waiting.Count == 0 || limits.MaxDelay == TimeSpan.Zero || waiting.Count >= limits.EnoughToSend)
            return BatchRule.Decide(waiting.Count, TimeSpan.Zero, TimeSpan.Zero, draining, limits);
        var now = time.GetTimestamp();
        var age = time.GetElapsedTime(waiting.OldestEnqueuedAt, now);
        var slack =
            time.GetElapsedTime(now, waiting.EarliestDueAt) - TimeSpan.FromSeconds(pool.Forecast(now).SecondsToPromise(waiting.Count));
        return BatchRule.Decide(waiting.Count, age, slack, draining, limits);
    }

    /// <summary>
    /// Whether a request can't be answered in time any more. Past its deadline it can't; before, a forecast says so, but only where others
    /// wait for the room: a wrong forecast may not refuse what an idle session could try.
    /// </summary>
    /// <param name="request">Which.</param>
    /// <param name="now">As a timestamp.</param>
    /// <param name="size">Crops in the batch that its next would be in.</param>
    public bool IsHopeless(PendingRequest request, long now, int size)
    {
        if (request.DueAt <= now)
            return true;
        if (waiting.Count <= size)
            return false;
        var needed = new PoolForecast(pool.Cost, pool.Limits.Sizes, pool.Limits.Sessions).SecondsAtLeast(request.Remaining, size);
        return time.GetElapsedTime(now, request.DueAt).TotalSeconds < needed;
    }
}
