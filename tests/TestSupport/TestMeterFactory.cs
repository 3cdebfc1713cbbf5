using System.Diagnostics.Metrics;

namespace Saccade.TestSupport;

/// <summary>Meters that belong to one test, told from those of other tests by their scope.</summary>
public sealed class TestMeterFactory : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    /// <inheritdoc/>
    public Meter Create(MeterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var meter = new Meter(new MeterOptions(options.Name) { Scope = this });
        _meters.Add(meter);
        return meter;
    }

    /// <inheritdoc/>
    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
