using Saccade.Inference.Classification;
using Saccade.Training.Serving;

namespace Saccade.Bench.Device;

/// <summary>The engine in this process, without HTTP.</summary>
internal sealed class BenchEngine : IAsyncDisposable
{
    private readonly EngineServices _services;

    private BenchEngine(IReadOnlyDictionary<string, string?> settings) => _services = new EngineServices(settings);

    /// <summary>Its way in for tensors.</summary>
    public TensorPipeline Tensors => _services.Get<TensorPipeline>();

    /// <summary>Starts it and waits for its models.</summary>
    /// <exception cref="InvalidOperationException">One of them does not serve; the message says why.</exception>
    public static async Task<BenchEngine> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        var engine = new BenchEngine(settings);
        try
        {
            await engine.LoadAsync();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task LoadAsync()
    {
        var catalog = await _services.LoadAsync();
        if (catalog.NotReadyReason is { } reason)
            throw new InvalidOperationException(reason);
    }
}
