using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Saccade.Api.Access;

/// <summary>The keys that are valid now. They may change while the service runs; new ones that are wrong change nothing.</summary>
internal sealed class KeyRing : IDisposable
{
    private readonly IOptionsFactory<KeysOptions> _keysOptions;
    private readonly IOptionsFactory<AdminOptions> _adminOptions;
    private readonly ILogger<KeyRing> _logger;
    private readonly Lock _reloading = new();
    private readonly IDisposable _changes;
    private volatile ApiKey[] _keys;

    /// <summary>Reads the keys; the start-up checks have found nothing wrong with them.</summary>
    public KeyRing(
        IConfiguration configuration,
        IOptionsFactory<KeysOptions> keysOptions,
        IOptionsFactory<AdminOptions> adminOptions,
        ILogger<KeyRing> logger
    )
    {
        (_keysOptions, _adminOptions, _logger) = (keysOptions, adminOptions, logger);
        _keys = Read();
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>Whether any key allows to change what is served.</summary>
    public bool HasAdmin => Array.Exists(_keys, static key => key.Role == KeyRole.Admin);

    /// <summary>The key that somebody brings; null if it is none of ours.</summary>
    public ApiKey? Find(string brought)
    {
        var digest = ApiKey.Digest(brought);
        ApiKey? found = null;
        // To the end: how long it takes tells nothing of which key it was.
        foreach (var key in _keys)
        {
            if (key.Is(digest))
                found = key;
        }

        return found;
    }

    /// <summary>Reads the keys again; where they are wrong, those from before stay valid.</summary>
    public void Reload()
    {
        lock (_reloading)
        {
            try
            {
                _keys = Read();
                Log.KeysRead(_logger, _keys.Length);
            }
            // Of the file, of the rules for settings, and of values that do not convert.
            catch (Exception e) when (e is InvalidDataException or OptionsValidationException or InvalidOperationException)
            {
                Log.KeysNotRead(_logger, e.Message);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _changes.Dispose();

    private ApiKey[] Read()
    {
        var options = _keysOptions.Create(Options.DefaultName);
        var admin = _adminOptions.Create(Options.DefaultName).Key;
        IEnumerable<KeyEntry> entries = options.List;
        if (options.File is { } file)
            entries = entries.Concat(KeyFile.Read(file));
        var keys = entries.Select(static entry => new ApiKey(entry));
        // Its name is the setting's, which is no name that another key can have.
        return admin is null
            ? [.. keys]
            : [.. keys, new ApiKey($"{AdminOptions.Section}:{nameof(AdminOptions.Key)}", admin, KeyRole.Admin)];
    }
}
