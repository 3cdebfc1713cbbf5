using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Models;

/// <summary>Checks the folder of models from time to time: has loaded what appeared or changed and unloaded what vanished.</summary>
/// <remarks>
/// It looks rather than listens: network mounts and container volumes tell nobody of their changes. Nothing is done about a bundle before
/// it looked the same twice in a row, so that one which is being copied is left alone; what a pause in the copying lets through is caught
/// by the manifest's SHA-256. A version is loaded once for each state of its files: not again while it is refused, and not again after an
/// operator has unloaded it.
/// </remarks>
internal sealed class RepositoryWatch(
    ModelCatalog catalog,
    ModelControl control,
    IOptions<ModelsOptions> options,
    TimeProvider time,
    ILogger<RepositoryWatch> logger
)
{
    private Dictionary<(string Name, int Version), BundleSnapshot> _seen = [];
    private HashSet<ServedModel> _missing = [];
    private bool _blind;

    /// <summary>Checks until told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        Log.Watching(logger, options.Value.Path, options.Value.WatchInterval);
        while (true)
        {
            await Task.Delay(options.Value.WatchInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
                return;
            await CheckAsync();
        }
    }

    private async Task CheckAsync()
    {
        try
        {
            // A repository that is away as a whole is no wish to unload everything.
            var found = ModelRepository.Scan(options.Value.Path) ?? throw new DirectoryNotFoundException("There is no such folder.");
            _blind = false;
            await LoadSettledAsync(found);
            await RemoveMissingAsync(found);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_blind)
                Log.WatchBlind(logger, error.Message);
            _blind = true;
        }
    }

    private async Task LoadSettledAsync(IReadOnlyList<FoundVersion> found)
    {
        var before = _seen;
        _seen = [];
        foreach (var version in found)
        {
            var key = (version.Name, version.Version);
            var files = BundleSnapshot.Of(version.Folder);
            _seen[key] = files;
            if (before.GetValueOrDefault(key) == files && IsNews(version, files))
                await control.LoadFoundAsync(version);
        }
    }

    private bool IsNews(FoundVersion version, BundleSnapshot files)
    {
        var others = catalog.Versions(version.Name);
        if (others.FirstOrDefault(model => model.Version == version.Version)?.Files == files)
            return false;
        if (!BundleFiles.IsBundle(version.Folder))
            return false;
        return options.Value.Versions == ServedVersions.All || !others.Any(model => model.IsServing && model.Version > version.Version);
    }

    private async Task RemoveMissingAsync(IReadOnlyList<FoundVersion> found)
    {
        var before = _missing;
        _missing = [.. catalog.All.Where(model => !found.Any(version => version.Name == model.Name && version.Version == model.Version))];
        foreach (var model in _missing.Where(before.Contains))
            await control.RemoveAsync(model);
    }
}
