using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Collects when scraped. Concurrent scrapes take turns; those of one format within the cache's duration share a response.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(PrometheusAspNetCoreOptions options, TimeProvider clock) : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly TimeSpan _cacheDuration = TimeSpan.FromMilliseconds(options.ScrapeResponseCacheDurationMilliseconds);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<ScrapeFormat, Exposition> _cache = [];
    private readonly MetricNameCache _names = new(options.DisableTotalNameSuffixForCounters);

    // Set while a scrape collects, which calls Export on the same thread.
    private ScrapeFormat? _wanted;
    private byte[]? _written;

    public Func<int, bool>? Collect { get; set; }

    /// <returns>Null where collecting failed.</returns>
    public async Task<Exposition?> ScrapeAsync(ScrapeFormat format, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_cache.TryGetValue(format, out Exposition? cached) && clock.GetElapsedTime(cached.Timestamp) < _cacheDuration)
            {
                return cached;
            }

            (_wanted, _written) = (format, null);
            if (Collect?.Invoke(Timeout.Infinite) != true || _written is null)
            {
                return null;
            }

            return _cache[format] = new Exposition(_written, clock.GetUtcNow(), clock.GetTimestamp());
        }
        finally
        {
            _wanted = null;
            _turn.Release();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        if (_wanted is not { } format)
        {
            return ExportResult.Failure;
        }

        var writer = new ExpositionWriter(format.OpenMetrics, options.ScopeInfoEnabled);
        if (options.TargetInfoEnabled)
        {
            writer.WriteTargetInfo(ParentProvider.GetResource());
        }

        foreach (MetricFamily family in MetricFamily.Group(batch, format.OpenMetrics, _names))
        {
            writer.WriteFamily(family);
        }

        _written = Encoding.UTF8.GetBytes(writer.Finish());
        return ExportResult.Success;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _turn.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <param name="Text">UTF-8.</param>
    /// <param name="GeneratedAt">For people.</param>
    /// <param name="Timestamp">For measuring age.</param>
    internal sealed record Exposition(byte[] Text, DateTimeOffset GeneratedAt, long Timestamp);
}
