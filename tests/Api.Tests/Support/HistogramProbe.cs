using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Saccade.Api.Tests.Support;

/// <summary>Counts what one histogram of one service records.</summary>
internal sealed class HistogramProbe : IDisposable
{
    private readonly ConcurrentQueue<KeyValuePair<string, object?>[]> _recorded = [];
    private readonly MeterListener _listener = new();

    public HistogramProbe(Service service, string name)
    {
        var meters = service.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == name && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => _recorded.Enqueue(tags.ToArray()));
        _listener.Start();
    }

    public int Count(string tag, object value) => _recorded.Count(tags => tags.Contains(new(tag, value)));

    public void Dispose() => _listener.Dispose();
}
