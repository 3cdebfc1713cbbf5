namespace Saccade.Inference.Classification;

/// <summary>A run for one request that others wait for, since they ask the same. It is given up only when all of them have left.</summary>
/// <param name="first">The request that runs.</param>
internal sealed class SharedRun(RequestContext first) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource<ClassifyAnswer?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting = 1;
    private bool _isOver;

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>The answer for all; null if the run came to none, or to one that is not for others.</summary>
    public Task<ClassifyAnswer?> Answer => _answer.Task;

    /// <summary>
    /// Joins those who wait, unless all have left. Whoever is more urgent than the first does not join: its own run will be served before
    /// this one.
    /// </summary>
    public bool TryJoin(RequestContext context)
    {
        if (first.DueAt > context.DueAt || first.Priority < context.Priority)
            return false;
        lock (_gate)
        {
            if (_waiting == 0)
                return false;
            _waiting++;
            return true;
        }
    }

    /// <summary>One of those who wait does so no more.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (--_waiting > 0 || _isOver)
                return;
        }

        _abandoned.Cancel();
    }

    /// <summary>The run has ended.</summary>
    public void End(ClassifyAnswer? answer) => _answer.TrySetResult(answer);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            // Otherwise whoever left last may be cancelling it.
            if (_waiting > 0)
                _abandoned.Dispose();
        }
    }
}
