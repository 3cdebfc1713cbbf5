namespace Saccade.Inference.Execution.Platform;

/// <summary>Runs what may take seconds, or never end, without holding a thread of the pool.</summary>
internal static class OwnThread
{
    /// <summary>Starts a thread. Nothing of whoever asks lives on in it, nor in the threads that it starts.</summary>
    public static Task<T> Run<T>(Func<T> work)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }
}
