using Saccade.Inference.Execution.Platform;

namespace Saccade.Inference.Models;

/// <summary>Every runtime that holds native memory, serving or being retired: whoever stops the service finds them all here.</summary>
internal sealed class LiveRuntimes
{
    private readonly Lock _gate = new();
    private readonly HashSet<ModelRuntime> _live = [];
    private bool _closed;

    /// <summary>Takes in a runtime that has just been made.</summary>
    /// <returns>False once the service stops: then the caller stops the runtime.</returns>
    public bool TryAdd(ModelRuntime runtime)
    {
        lock (_gate)
            return !_closed && _live.Add(runtime);
    }

    /// <summary>Lets a runtime finish what it accepted and frees it.</summary>
    /// <returns>Completes when it is freed.</returns>
    public async Task RetireAsync(ModelRuntime runtime)
    {
        await runtime.RetireAsync();
        lock (_gate)
            _live.Remove(runtime);
        NativeHeap.GiveBackFreeMemory();
    }

    /// <summary>Stops all of them at once, those that are being retired too, and takes no more in.</summary>
    public Task StopAsync(TimeSpan drainTimeout, CancellationToken cancellationToken)
    {
        ModelRuntime[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _live];
        }

        return Task.WhenAll(left.Select(runtime => runtime.StopAsync(drainTimeout, cancellationToken)));
    }
}
