namespace Saccade.Inference.Scheduling;

/// <summary>How a request's stay in the queue ended.</summary>
/// <param name="Failure">Null when every crop was answered.</param>
/// <param name="Queue">From the request entering the queue until the last batch began to run, less <paramref name="Writing"/>.</param>
/// <param name="Writing">How long that batch's crops took to be written.</param>
/// <param name="Inference">The run of that batch.</param>
/// <param name="BatchSize">Crops in that batch; 0 when none ran.</param>
internal readonly record struct RequestResult(ClassifyFailure? Failure, TimeSpan Queue, TimeSpan Writing, TimeSpan Inference, int BatchSize)
{
    /// <summary>From entering the queue to the end.</summary>
    public TimeSpan Total => Queue + Writing + Inference;
}
