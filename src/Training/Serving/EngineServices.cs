using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Saccade.Inference;
using Saccade.Inference.Models;

namespace Saccade.Training.Serving;

/// <summary>The engine of the service in a process that is no host: its services, started and stopped as a host would, without
/// logs.</summary>
internal sealed class EngineServices : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Lifetime _lifetime = new();

    /// <summary>Builds it; nothing runs yet.</summary>
    /// <param name="settings">Configuration by key, as the service reads it.</param>
    public EngineServices(IReadOnlyDictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<IHostApplicationLifetime>(_lifetime);
        services.AddInference(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        _services = services.BuildServiceProvider();
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts it and waits until every model has been loaded or refused.</summary>
    /// <returns>Its models.</returns>
    public async Task<ModelCatalog> LoadAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
        var catalog = Get<ModelCatalog>();
        await catalog.Loaded;
        return catalog;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _lifetime.StopApplication();
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        _lifetime.Dispose();
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => new(canceled: true);

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
