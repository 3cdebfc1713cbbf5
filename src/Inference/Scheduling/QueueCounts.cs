namespace Saccade.Inference.Scheduling;

/// <summary>The queue's books, in crops. Accepted = Answered + Cancelled + Expired + Failed + Queued + Running, at every moment.</summary>
internal readonly record struct QueueCounts(
    long Accepted,
    long Answered,
    long Cancelled,
    long Expired,
    long Failed,
    int Queued,
    int Running,
    int Reserved
);
