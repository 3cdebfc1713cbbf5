using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Platform;

namespace Saccade.Inference.Models;

/// <summary>Checks the folder of models from time to time: has loaded what appeared or changed and unloaded what vanished.</summary>
/// <remarks>
/// It scans rather than listens: network mounts and container volumes tell nobody of their changes. Nothing is done about a bundle before
/// it looked the same twice in a row, so that one which is being copied is left alone; what a pause in the copying lets through is caught
/// by the manifest's SHA-256. A version is loaded once for each state of its files: not again while it is refused for what they hold, and
/// not again after an operator has unloaded it. A folder without a model in it is taken for a mount that is lost: what serves goes on.
/// </remarks>
internal sealed class RepositoryWatch(
    ModelCatalog catalog,
    ModelControl control,
    IOptions<ModelsOptions> options,
    TimeProvider time,
    ILogger<RepositoryWatch> logger
)
{
    /// <summary>Scans between two attempts to load a version whose files are not to blame: 1, 2, 4, … up to this.</summary>
    private const int MostScansBetween = 32;

    private readonly HashSet<UnservedPath> _told = [];
    private readonly Dictionary<ServedModel, (int Scans, int Wait)> _again = [];
    private Dictionary<(string Name, long Version), SeenVersion> _seen = [];
    private HashSet<UnservedPath> _unserved = [];
    private HashSet<ServedModel> _missing = [];
    private Task<Seen?> _scan = Task.FromResult<Seen?>(null);
    private bool _blind;

    /// <summary>What the folder holds at the start. What nobody can ask for is told in the log.</summary>
    /// <returns>Null if there is no such folder.</returns>
    public IReadOnlyList<FoundVersion>? LookFirst()
    {
        try
        {
            var contents = ModelRepository.Scan(options.Value.Path);
            Tell(contents?.Unserved ?? []);
            return contents?.Versions;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.WatchBlind(logger, error.Message);
            return [];
        }
    }

    /// <summary>Checks until told to stop; where the folder is not watched, until nothing is left to be tried again.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var watched = options.Value.Watch;
        if (watched)
            Log.Watching(logger, options.Value.Path, options.Value.WatchInterval);
        while (watched || catalog.All.Any(IsToBeTriedAgain))
        {
            await Task.Delay(options.Value.WatchInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
                return;
            if (watched)
                await CheckAsync();
            await TryAgainAsync();
        }
    }

    private async Task CheckAsync()
    {
        try
        {
            // One look at a time: a second would hang where the first does.
            if (_scan.IsCompleted)
                _scan = OwnThread.Run(Scan);
            // A repository that is away as a whole is no wish to unload everything.
            var seen =
                await _scan.WaitAsync(options.Value.LoadTimeout, time) ?? throw new DirectoryNotFoundException("There is no such folder.");
            if (seen.Contents.IsEmpty && catalog.All.Any(model => model.IsServing))
                throw new DirectoryNotFoundException("It is empty, as under a mount that is lost. To stop serving, unload the models.");
            _blind = false;
            TellSettled(seen.Contents.Unserved);
            await LoadSettledAsync(seen.Versions);
            await RemoveMissingAsync(seen.Contents);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TimeoutException)
        {
            if (!_blind)
                Log.WatchBlind(logger, error.Message);
            _blind = true;
            _missing = [];
        }
    }

    private Seen? Scan() =>
        ModelRepository.Scan(options.Value.Path) is { } contents
            ? new(contents, [.. contents.Versions.Select(version => new SeenVersion(version, BundleSnapshot.Of(version.Folder)))])
            : null;

    private async Task LoadSettledAsync(IReadOnlyList<SeenVersion> versions)
    {
        var before = _seen;
        _seen = versions.ToDictionary(seen => (seen.Version.Name, seen.Version.Version));
        foreach (var (key, seen) in _seen)
        {
            if (before.GetValueOrDefault(key)?.Files != seen.Files || !IsNews(seen))
                continue;
            if (seen.Version.HoldsBundle)
                await LetRunAsync(control.LoadFoundAsync(seen.Version));
            else if (!catalog.Versions(key.Name).Any(model => model.Version == key.Version))
                Tell([new($"{key.Name}/{key.Version}", $"it holds no {BundleFiles.ModelFile} and no {EnsembleJson.FileName}")]);
        }
    }

    private bool IsNews(SeenVersion seen)
    {
        var others = catalog.Versions(seen.Version.Name);
        if (others.FirstOrDefault(model => model.Version == seen.Version.Version) is { } known)
        {
            if (known.Files == seen.Files || !known.LastLoad.IsCompleted)
                return false;
        }

        return options.Value.Versions == ServedVersions.All
            || !others.Any(model => model.IsServing && model.Version > seen.Version.Version);
    }

    private async Task RemoveMissingAsync(RepositoryContents contents)
    {
        var before = _missing;
        _missing =
        [
            .. catalog.All.Where(model =>
                !contents.Unreadable.Contains(model.Name)
                && !contents.Versions.Any(version => IsSame(version, model))
                && !IsNeededYet(model, contents.Versions)
            ),
        ];
        foreach (var model in _missing.Where(before.Contains))
            await control.RemoveAsync(model);
    }

    /// <summary>One that a version policy leaves out goes on until one that takes its place serves.</summary>
    private bool IsNeededYet(ServedModel model, IReadOnlyList<FoundVersion> versions) =>
        model.IsServing
        && Directory.Exists(model.Folder)
        && versions.Any(version => version.Name == model.Name)
        && !catalog.Versions(model.Name).Any(other => other.IsServing && versions.Any(version => IsSame(version, other)));

    private static bool IsSame(FoundVersion found, ServedModel model) => found.Name == model.Name && found.Version == model.Version;

    private async Task TryAgainAsync()
    {
        var failed = catalog.All.Where(IsToBeTriedAgain).ToHashSet();
        foreach (var model in _again.Keys.Except(failed).ToArray())
            _again.Remove(model);
        foreach (var model in failed)
        {
            var (scans, wait) = _again.GetValueOrDefault(model, (0, 1));
            var isDue = ++scans >= wait && model.LastLoad.IsCompleted;
            _again[model] = isDue ? (0, Math.Min(2 * wait, MostScansBetween)) : (scans, wait);
            if (isDue)
                await LetRunAsync(control.LoadAgainAsync(model));
        }
    }

    private static bool IsToBeTriedAgain(ServedModel model) => model.Failure is { IsLasting: false };

    /// <summary>Waits for a change, unless it lets others pass.</summary>
    private async Task LetRunAsync(Task change)
    {
        await Task.WhenAny(change, control.IdleAsync());
        if (change.IsCompleted)
            await change;
    }

    /// <summary>Tells what was passed over in two scans: the first may have come between a copy's steps.</summary>
    private void TellSettled(IReadOnlyList<UnservedPath> unserved)
    {
        var before = _unserved;
        _unserved = [.. unserved];
        Tell(_unserved.Where(before.Contains));
    }

    private void Tell(IEnumerable<UnservedPath> unserved)
    {
        foreach (var one in unserved.Where(_told.Add))
            Log.PassedOver(logger, one.Path, one.Advice);
    }

    private sealed record Seen(RepositoryContents Contents, IReadOnlyList<SeenVersion> Versions);

    private sealed record SeenVersion(FoundVersion Version, BundleSnapshot Files);
}
