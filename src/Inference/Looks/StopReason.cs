namespace Saccade.Inference.Looks;

/// <summary>Why <c>auto</c> took no further look.</summary>
public enum StopReason
{
    /// <summary>The answer was sure enough.</summary>
    Confident,

    /// <summary>Every round had been looked.</summary>
    Exhausted,

    /// <summary>The next round would not have been done within the deadline, or was not.</summary>
    Budget,

    /// <summary>There was no room for the next round: the service is busy.</summary>
    Overloaded,

    /// <summary>No model that further rounds would ask could answer any more.</summary>
    Failed,
}
