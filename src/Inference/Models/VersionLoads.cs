using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Platform;

namespace Saccade.Inference.Models;

/// <summary>
/// Loads versions within a time limit. A load that takes too long is given up, but its thread is not ours to end: a mount that does not
/// answer keeps it.
/// </summary>
internal sealed class VersionLoads(ModelLoader loader, IOptions<ModelsOptions> options, TimeProvider time, ILogger<VersionLoads> logger)
{
    /// <summary>How long others wait for a load: two at once disturb the measuring of each other's batches.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Loads a version. Lets others pass when that takes long, and gives up when it takes too long.</summary>
    /// <param name="model">What to load; no earlier load of it is under way.</param>
    /// <param name="turn">The turn in which that is done.</param>
    public async Task<LoadOutcome> LoadAsync(ServedModel model, ChangeTurn turn)
    {
        var limit = options.Value.LoadTimeout;
        var patience = limit < Patience ? limit : Patience;
        using var givenUp = new CancellationTokenSource();
        var token = givenUp.Token;
        var load = OwnThread.Run(() => loader.Load(model, token));
        model.Loading(load);
        if (await EndsWithinAsync(load, patience))
            return await load;

        turn.GiveWay();
        Log.LoadTakesLong(logger, model.Label, patience);
        if (await EndsWithinAsync(load, limit - patience))
            return await load;

        await givenUp.CancelAsync();
        Log.LoadGivenUp(logger, model.Label, limit);
        _ = DropAsync(load);
        return new(Files: null) { Failure = new("It could not be loaded in the time allowed.", IsLasting: false) };
    }

    /// <summary>The versions in the folder of models, within the same time.</summary>
    /// <returns>None if there is no folder; null if it can't be looked at, and the log says why.</returns>
    public async Task<IReadOnlyList<FoundVersion>?> ScanAsync()
    {
        try
        {
            var scan = OwnThread.Run(() => ModelRepository.Scan(options.Value.Path));
            return (await scan.WaitAsync(options.Value.LoadTimeout, time))?.Versions ?? [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TimeoutException)
        {
            Log.WatchBlind(logger, error.Message);
            return null;
        }
    }

    /// <summary>A version that came too late serves nobody.</summary>
    private static async Task DropAsync(Task<LoadOutcome> load)
    {
        if (await load is { Runtime: { } runtime })
            await runtime.StopAsync(TimeSpan.Zero, CancellationToken.None);
    }

    private async Task<bool> EndsWithinAsync(Task load, TimeSpan limit)
    {
        try
        {
            await load.WaitAsync(limit, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
