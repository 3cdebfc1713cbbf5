namespace Saccade.TestSupport;

/// <summary>The guard around every wait: a test that hangs is a test that fails.</summary>
public static class TestTimeouts
{
    /// <summary>Long enough for the busiest machine; reached only by a bug.</summary>
    public static TimeSpan Guard { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits, but not for ever.</summary>
    public static Task Guarded(this Task task) => task.WaitAsync(Guard);

    /// <summary>Waits, but not for ever.</summary>
    public static Task<T> Guarded<T>(this Task<T> task) => task.WaitAsync(Guard);

    /// <summary>Waits for something that another thread brings about and nothing announces.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Guard)
                throw new TimeoutException("What was waited for did not come about.");
            await Task.Delay(1);
        }
    }
}
