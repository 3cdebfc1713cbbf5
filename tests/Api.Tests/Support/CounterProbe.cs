using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Saccade.Api.Tests.Support;

/// <summary>Adds up what one counter of one service counts.</summary>
internal sealed class CounterProbe : IDisposable
{
    private readonly ConcurrentQueue<(long Value, KeyValuePair<string, object?>[] Tags)> _measured = [];
    private readonly MeterListener _listener = new();

    public CounterProbe(Service service, string name)
    {
        var meters = service.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other services run in this process; a meter's scope is the factory that made it.
            if (instrument.Name == name && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _measured.Enqueue((value, tags.ToArray())));
        _listener.Start();
    }

    public long Sum(string tag, object value) =>
        _measured.Where(measured => measured.Tags.Contains(new(tag, value))).Sum(measured => measured.Value);

    public void Dispose() => _listener.Dispose();
}
