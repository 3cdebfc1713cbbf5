using Saccade.Bench.Processes;

namespace Saccade.EndToEnd.Tests.Support;

/// <summary>The service, published once for all tests with the Dockerfile's own command.</summary>
public sealed class PublishedService : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ServiceProcess? _shared;

    /// <summary>What the image holds under <c>/app</c>.</summary>
    public string Folder => _folder.PathOf("app");

    public async Task InitializeAsync()
    {
        await ServicePublish.RunAsync(Folder, _folder.PathOf("artifacts"));
        Directory.Delete(_folder.PathOf("artifacts"), recursive: true);
    }

    public async Task DisposeAsync()
    {
        if (_shared is not null)
            await _shared.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Starts a process on the shipped models, as the image does, and waits until it is ready.</summary>
    public Task<ServiceProcess> StartReadyAsync(params (string Name, string Value)[] settings) =>
        ServiceProcess.StartReadyAsync(Folder, SettingsOf(settings));

    /// <summary>One process with default settings, for the tests that leave it as it is.</summary>
    public async Task<ServiceProcess> SharedReadyAsync() => _shared ??= await StartReadyAsync();

    /// <summary>The image's environment with changes.</summary>
    public static Dictionary<string, string?> SettingsOf(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Models__Path"] = Checkout.PathOf("samples", "fashion-mnist", "models"),
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return all;
    }
}

/// <summary>Tests of one collection run one after another: each of them loads every core.</summary>
[CollectionDefinition(Name)]
public sealed class PublishedServiceCollection : ICollectionFixture<PublishedService>
{
    public const string Name = "Published service";
}
