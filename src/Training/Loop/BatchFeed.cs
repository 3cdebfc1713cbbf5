using Saccade.Training.Data;

namespace Saccade.Training.Loop;

/// <summary>The batches of an epoch in their order, handed to one or several threads that train, with the step each belongs to.</summary>
internal sealed class BatchFeed : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IEnumerator<Batch> _batches;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _cancellation;
    private long _step;
    private bool _stopped;

    /// <param name="batches">In their order.</param>
    /// <param name="firstStep">The run's step that the first batch is for.</param>
    /// <param name="clock">Measures the waiting.</param>
    /// <param name="cancellation">Ends the feed.</param>
    public BatchFeed(IEnumerable<Batch> batches, long firstStep, TimeProvider clock, CancellationToken cancellation)
    {
        _batches = batches.GetEnumerator();
        _step = firstStep;
        _clock = clock;
        _cancellation = cancellation;
    }

    /// <summary>How long all takers together stood waiting.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>The next batch, which the taker disposes, or null when there is no more to do.</summary>
    public FedBatch? Take()
    {
        var start = _clock.GetTimestamp();
        lock (_gate)
        {
            FedBatch? next =
                !_stopped && !_cancellation.IsCancellationRequested && _batches.MoveNext() ? new(_step++, _batches.Current) : null;
            Waited += _clock.GetElapsedTime(start);
            return next;
        }
    }

    /// <summary>Nobody gets a batch any more: one of several threads has failed.</summary>
    public void Stop()
    {
        lock (_gate)
            _stopped = true;
    }

    /// <inheritdoc/>
    public void Dispose() => _batches.Dispose();
}

/// <summary>A batch with its place.</summary>
/// <param name="Step">Of the run, counted from 0.</param>
/// <param name="Batch">Images and labels.</param>
internal readonly record struct FedBatch(long Step, Batch Batch);
