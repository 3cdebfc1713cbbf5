namespace Saccade.Inference;

/// <summary>Why <c>auto</c> ran no further round.</summary>
public enum StopReason
{
    /// <summary>The confidence of the answer reached the round's threshold.</summary>
    Confident,

    /// <summary>Every round had been run.</summary>
    Exhausted,

    /// <summary>The next round would not have been done within the deadline, or was not.</summary>
    Budget,

    /// <summary>There was no room for the next round: the service is busy.</summary>
    Overloaded,

    /// <summary>Every round that the members which are left could run had been run, and one has failed.</summary>
    Failed,
}
