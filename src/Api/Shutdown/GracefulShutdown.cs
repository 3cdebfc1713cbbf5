using Microsoft.Extensions.Options;

namespace Saccade.Api.Shutdown;

/// <summary>
/// Holds the host before the server closes its port: notice (not ready, still accepting), then drain (refusing, answering what was
/// accepted). The engine has turned readiness off by then: it listens for the same signal.
/// </summary>
internal sealed class GracefulShutdown(
    DrainGate gate,
    IOptions<ShutdownOptions> options,
    IOptions<HostOptions> host,
    TimeProvider clock,
    ILogger<GracefulShutdown> logger
) : IHostedLifecycleService
{
    // What the host needs beyond the waiting here: closing connections, stopping the engine, the last telemetry export.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private Task? _stopping;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // The host reads its time-out only when it stops. Set here rather than while options are built, where a bad value of
        // ours would surface alone, before the start-up checks that report all of them.
        host.Value.ShutdownTimeout = options.Value.Longest + Margin;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A host may be told to stop twice, by a signal and by whoever owns it.
        lock (_lock)
            return _stopping ??= NoticeAndDrainAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task NoticeAndDrainAsync(CancellationToken cancellationToken)
    {
        var shutdown = options.Value;
        Log.StopNoticed(logger, shutdown.NoticePeriod);
        await Task.Delay(shutdown.NoticePeriod, clock, cancellationToken);

        var refusing = Task.Delay(shutdown.RefusalPeriod, clock, cancellationToken);
        var empty = gate.Close();
        Log.DrainStarted(logger, gate.Inside, shutdown.DrainTimeout);
        try
        {
            await empty.WaitAsync(shutdown.DrainTimeout, clock, cancellationToken);
            Log.Drained(logger);
        }
        catch (TimeoutException)
        {
            Log.DrainTimedOut(logger, gate.Inside, shutdown.DrainTimeout);
        }

        await refusing;
    }
}
