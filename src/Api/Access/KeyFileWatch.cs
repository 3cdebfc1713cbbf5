namespace Saccade.Api.Access;

/// <summary>Has the keys read again when their file has changed.</summary>
/// <remarks>
/// It compares contents: where a mounted secret is exchanged by a symbolic link, the file itself sees no event, and its time need not move.
/// </remarks>
internal sealed class KeyFileWatch(KeyRing ring, string path, TimeProvider clock) : BackgroundService
{
    /// <summary>Time between two looks.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Looked at before the keys are read: a change between the two is then seen at the next look.
        var seen = await ContentAsync(stoppingToken);
        ring.Reload();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var now = await ContentAsync(stoppingToken);
            if (stoppingToken.IsCancellationRequested || now.AsSpan().SequenceEqual(seen))
                continue;
            seen = now;
            ring.Reload();
        }
    }

    // What cannot be read is empty; the ring, which tries again, says why.
    private async Task<byte[]> ContentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            return [];
        }
    }
}
