using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Saccade.Inference;
using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;
using Saccade.Inference.Models;

namespace Saccade.TestSupport;

/// <summary>The engine without a web server, as a host would run it.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly TestLifetime _lifetime = new();
    private bool _stopped;

    private EngineHost(IEnumerable<KeyValuePair<string, string?>> settings, Action<IServiceCollection>? configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(Logs);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<IHostApplicationLifetime>(_lifetime);
        configure?.Invoke(services);
        services.AddInference(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>What has been logged.</summary>
    public CapturedLogs Logs { get; } = new();

    /// <summary>The engine's way in.</summary>
    public ClassificationPipeline Pipeline => _services.GetRequiredService<ClassificationPipeline>();

    /// <summary>The engine's models.</summary>
    public ModelCatalog Catalog => _services.GetRequiredService<ModelCatalog>();

    /// <summary>Loads and unloads them.</summary>
    public ModelControl Control => _services.GetRequiredService<ModelControl>();

    /// <summary>Everything else.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Builds and starts the engine, without waiting for the models.</summary>
    /// <param name="settings">Configuration by key.</param>
    /// <param name="configure">Registrations that go before the engine's own.</param>
    public static async Task<EngineHost> StartAsync(Dictionary<string, string?> settings, Action<IServiceCollection>? configure = null)
    {
        var host = new EngineHost(settings, configure);
        try
        {
            host._services.GetService<IStartupValidator>()?.Validate();
        }
        catch
        {
            await host._services.DisposeAsync();
            throw;
        }

        foreach (var service in host._services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None).Guarded();
        return host;
    }

    /// <summary>The same, with every model loaded.</summary>
    public static async Task<EngineHost> StartLoadedAsync(
        Dictionary<string, string?> settings,
        Action<IServiceCollection>? configure = null
    )
    {
        var host = await StartAsync(settings, configure);
        await host.Catalog.Loaded.Guarded();
        return host;
    }

    /// <summary>Classifies an image that arrives now.</summary>
    public Task<ClassifyOutcome> ClassifyAsync(
        byte[] image,
        CropMode crops = default,
        string? model = null,
        string? version = null,
        TimeSpan? deadline = null,
        EarlyExitPolicy? auto = null,
        bool keepLooks = false,
        bool features = false,
        CancellationToken token = default
    ) =>
        Pipeline
            .ClassifyAsync(
                new()
                {
                    Image = image,
                    Crops = crops,
                    Model = model,
                    Version = version,
                    Deadline = deadline,
                    EarlyExit = auto,
                    IncludeCropScores = keepLooks,
                    IncludeWindows = keepLooks,
                    IncludeFeatures = features,
                    ArrivedAt = _services.GetRequiredService<TimeProvider>().GetTimestamp(),
                },
                token
            )
            .Guarded();

    /// <summary>What a host does on SIGTERM: says so, then stops the services.</summary>
    public async Task StopAsync()
    {
        _stopped = true;
        _lifetime.Stop();
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(CancellationToken.None).Guarded();
    }

    /// <summary>Announces the stop without stopping anything yet.</summary>
    public void AnnounceStop() => _lifetime.Stop();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
            await StopAsync();
        await _services.DisposeAsync();
        _lifetime.Dispose();
    }

    private sealed class TestLifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => new(canceled: true);

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void Stop() => _stopping.Cancel();

        public void StopApplication() => Stop();

        public void Dispose() => _stopping.Dispose();
    }
}
