namespace Saccade.Training.Prediction;

/// <summary>Bounds the bytes of files that are in memory at once. A file larger than the bound is read alone.</summary>
/// <param name="capacity">Most bytes.</param>
internal sealed class ByteBudget(long capacity)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _taken;

    /// <summary>Bytes taken and not given back.</summary>
    public long Taken
    {
        get
        {
            lock (_gate)
                return _taken;
        }
    }

    /// <summary>Waits until there is room.</summary>
    public async Task TakeAsync(long bytes, CancellationToken cancellation)
    {
        while (true)
        {
            Task given;
            lock (_gate)
            {
                if (_taken == 0 || _taken + bytes <= capacity)
                {
                    _taken += bytes;
                    return;
                }

                given = _given.Task;
            }

            await given.WaitAsync(cancellation);
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void Give(long bytes)
    {
        TaskCompletionSource given;
        lock (_gate)
        {
            _taken -= bytes;
            (given, _given) = (_given, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        given.TrySetResult();
    }
}
