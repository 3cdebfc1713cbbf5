using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Saccade.Api.Shutdown;
using Saccade.Inference.Models;

namespace Saccade.Api.Tests.Support;

/// <summary>Waiting for the service to get somewhere.</summary>
internal static class ServiceWaits
{
    /// <summary>Waits until so many classify requests have been accepted and not answered.</summary>
    public static async Task InsideAsync(this Service service, int requests)
    {
        var gate = service.Services.GetRequiredService<DrainGate>();
        using var guard = new CancellationTokenSource(TestTimeouts.Guard);
        while (gate.Inside < requests)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Waits until so many crops are in the default model's queue.</summary>
    public static async Task QueuedAsync(this Service service, int crops)
    {
        var catalog = service.Services.GetRequiredService<ModelCatalog>();
        using var guard = new CancellationTokenSource(TestTimeouts.Guard);
        while (catalog.List().Single(model => model is { IsDefault: true, IsDefaultModel: true }).QueueDepth < crops)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Waits until the host has stopped.</summary>
    public static async Task StoppedAsync(this IHostApplicationLifetime lifetime)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStopped.Register(stopped.SetResult);
        await stopped.Task.Guarded();
    }
}
