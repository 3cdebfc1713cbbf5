using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Saccade.Inference;
using Saccade.Inference.Models;
using Saccade.Inference.Tensors;

namespace Saccade.Bench.Device;

/// <summary>The engine in this process, without HTTP.</summary>
internal sealed class BenchEngine : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Lifetime _lifetime = new();

    private BenchEngine(IReadOnlyDictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<IHostApplicationLifetime>(_lifetime);
        services.AddInference(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        _services = services.BuildServiceProvider();
    }

    /// <summary>Its way in for tensors.</summary>
    public TensorPipeline Tensors => _services.GetRequiredService<TensorPipeline>();

    /// <summary>Starts it and waits for its models.</summary>
    /// <exception cref="InvalidOperationException">One of them does not serve; the message says why.</exception>
    public static async Task<BenchEngine> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        var engine = new BenchEngine(settings);
        foreach (var service in engine._services.GetServices<IHostedService>()) await service.StartAsync(CancellationToken.None);
        var catalog = engine._services.GetRequiredService<ModelCatalog>();
        await catalog.Loaded;
        if (catalog.NotReadyReason is { } reason)
        {
            await engine.DisposeAsync();
            throw new InvalidOperationException(reason);
        }

        return engine;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _lifetime.StopApplication();
        foreach (var service in _services.GetServices<IHostedService>().Reverse()) await service.StopAsync(CancellationToken.None);
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
