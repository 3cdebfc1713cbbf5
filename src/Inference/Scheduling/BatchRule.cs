namespace Saccade.Inference.Scheduling;

/// <summary>What the batch rule may do.</summary>
/// <param name="Sizes">Batch sizes that may be run.</param>
/// <param name="MaxDelay">Longest wait for company while a session is free.</param>
/// <param name="Sessions">Free sessions among which the waiting crops are divided, at least 1.</param>
/// <param name="Cost">What runs cost, as far as it is known.</param>
/// <param name="Enough">Crops that are sent without waiting for more; null means a full batch.</param>
internal readonly record struct BatchLimitsInForce(
    BatchSizes Sizes,
    TimeSpan MaxDelay,
    int Sessions,
    CostLine Cost = default,
    int? Enough = null
)
{
    /// <summary>Crops that are sent without waiting for more.</summary>
    public int EnoughToSend => Enough ?? Sizes.Maximum;
}

/// <summary>The one place that decides when a batch is sent and how large it is. Pure: no clock, no lock, no state.</summary>
internal static class BatchRule
{
    /// <summary>Decides for a session that is free now.</summary>
    /// <param name="queued">Crops waiting.</param>
    /// <param name="oldestAge">How long the one that came first has waited.</param>
    /// <param name="slack">How long the most urgent can still wait and meet its deadline; negative when it can't.</param>
    /// <param name="draining">No more work will come.</param>
    /// <param name="limits">What is allowed.</param>
    public static BatchDecision Decide(int queued, TimeSpan oldestAge, TimeSpan slack, bool draining, in BatchLimitsInForce limits)
    {
        // 1. Nothing to do.
        if (queued <= 0)
            return BatchDecision.Wait(Timeout.InfiniteTimeSpan);

        // 2. Never more than a fair share: ten crops on two free sessions finish sooner as five and five than as ten.
        var share = ((queued - 1) / limits.Sessions) + 1;
        var count = limits.Sizes.Send(share, limits.Cost);

        // 3. Enough, or nobody else will come.
        if (draining || queued >= limits.EnoughToSend)
            return BatchDecision.SendNow(count);

        // 4. Waited long enough, or the most urgent can't wait.
        var patience = limits.MaxDelay - oldestAge;
        var wait = patience < slack ? patience : slack;
        return wait > TimeSpan.Zero ? BatchDecision.Wait(wait) : BatchDecision.SendNow(count);
    }
}
