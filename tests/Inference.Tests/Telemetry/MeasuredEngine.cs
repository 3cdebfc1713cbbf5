using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Telemetry;

/// <summary>An engine over <c>colors</c> that keeps whatever its instruments measure.</summary>
internal sealed class MeasuredEngine : IAsyncDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, Dictionary<string, string?> Tags)> _measurements = [];

    public EngineHost Engine { get; private set; } = null!;

    public static async Task<MeasuredEngine> StartAsync(params (string Key, string Value)[] settings)
    {
        var measured = new MeasuredEngine();
        var given = new Dictionary<string, string?> { ["Models:Path"] = TestModels.Path, ["Execution:Provider"] = "Cpu" };
        foreach (var (key, value) in settings)
            given[key] = value;
        var meters = new TestMeterFactory();
        measured._listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        measured._listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Keep(instrument.Name, value, tags));
        measured._listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => measured.Keep(instrument.Name, value, tags));
        measured._listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Keep(instrument.Name, value, tags));
        measured._listener.Start();
        measured.Engine = await EngineHost.StartLoadedAsync(given, services => services.AddSingleton<IMeterFactory>(meters));
        return measured;
    }

    public void CollectGauges() => _listener.RecordObservableInstruments();

    /// <summary>What an instrument has measured, with these tags among others.</summary>
    public double[] All(string instrument, params (string Key, string Value)[] tags)
    {
        lock (_measurements)
            return
            [
                .. _measurements
                    .Where(measured =>
                        measured.Instrument == instrument && tags.All(tag => measured.Tags.GetValueOrDefault(tag.Key) == tag.Value)
                    )
                    .Select(measured => measured.Value),
            ];
    }

    /// <summary>The one measurement of an instrument with exactly these tags.</summary>
    public double Single(string instrument, params (string Key, string Value)[] tags)
    {
        lock (_measurements)
        {
            return Assert
                .Single(
                    _measurements,
                    measurement =>
                        measurement.Instrument == instrument
                        && measurement.Tags.Count == tags.Length
                        && tags.All(tag => measurement.Tags.GetValueOrDefault(tag.Key) == tag.Value)
                )
                .Value;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _listener.Dispose();
    }

    private void Keep(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kept = new Dictionary<string, string?>();
        foreach (var (key, tag) in tags)
            kept[key] = tag?.ToString();
        lock (_measurements)
            _measurements.Add((instrument, value, kept));
    }
}
