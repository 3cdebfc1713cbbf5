namespace Saccade.Inference.Scheduling;

/// <summary>How a request's stay in the queue ended.</summary>
/// <param name="Failure">Null when every crop was answered.</param>
/// <param name="Queue">From the request entering the queue until the first of its crops was taken to be run: its own crops are never
/// waited for.</param>
/// <param name="Writing">How long the crops of the last batch took to be written.</param>
/// <param name="Inference">From then until the last of its crops had run, less <paramref name="Writing"/>: one run, or several with what
/// ran between them.</param>
/// <param name="BatchSize">Crops in the last batch; 0 when none ran.</param>
internal readonly record struct RequestResult(ClassifyFailure? Failure, TimeSpan Queue, TimeSpan Writing, TimeSpan Inference, int BatchSize)
{
    /// <summary>From entering the queue to the end.</summary>
    public TimeSpan Total => Queue + Writing + Inference;
}
