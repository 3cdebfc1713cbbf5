namespace OpenTelemetry.Exporter;

/// <summary>How metrics are exposed.</summary>
public class PrometheusAspNetCoreOptions
{
    internal const string DefaultScrapeEndpointPath = "/metrics";

    /// <summary>Where, unless the mapping says.</summary>
    public string? ScrapeEndpointPath { get; set; } = DefaultScrapeEndpointPath;

    /// <summary>True: a counter's name gets no <c>_total</c> in the Prometheus text format. OpenMetrics demands it.</summary>
    public bool DisableTotalNameSuffixForCounters { get; set; }

    /// <summary>Whether every series carries its meter's name, version and tags.</summary>
    public bool ScopeInfoEnabled { get; set; } = true;

    /// <summary>Whether <c>target_info</c> carries the resource's attributes.</summary>
    public bool TargetInfoEnabled { get; set; } = true;

    /// <summary>For how long a response answers further scrapes of the same format; 0 collects every time.</summary>
    public int ScrapeResponseCacheDurationMilliseconds
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }
    = 300;
}
