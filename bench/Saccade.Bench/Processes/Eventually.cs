namespace Saccade.Bench.Processes;

/// <summary>Waits for conditions of other processes, which tell of a change only when asked.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is yes.</summary>
    /// <param name="condition">Asked again after a pause while it says no.</param>
    /// <param name="limit">How long to ask.</param>
    /// <param name="describe">Added to the failure's message.</param>
    /// <exception cref="TimeoutException">The limit passed.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string>? describe = null)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(started) > limit)
                throw new TimeoutException($"Not so within {limit}. {describe?.Invoke()}");
            await Task.Delay(Interval, time, CancellationToken.None);
        }
    }
}
