using System.Globalization;

namespace Saccade.Bench.Processes;

/// <summary>What the service counts about itself, read from <c>GET /metrics</c>.</summary>
/// <param name="address">Of the service.</param>
public sealed class ServiceCounters(Uri address) : IDisposable
{
    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";

    private readonly HttpClient _client = new() { BaseAddress = address };

    /// <summary>Bytes of managed memory allocated since the start; reading them allocates some tens of kilobytes.</summary>
    public async Task<double> AllocatedBytesAsync() => Sum(await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), Allocated);

    /// <summary>The sum of a metric's series in the Prometheus text format; NaN if it has none.</summary>
    public static double Sum(string text, string metric)
    {
        var values = text.Split('\n')
            .Where(line =>
                line.Length > metric.Length && line.StartsWith(metric, StringComparison.Ordinal) && (line[metric.Length] is ' ' or '{')
            )
            .Select(line => line[metric.Length..])
            .Select(rest => rest[(rest.LastIndexOf('}') + 1)..].Trim().Split(' ')[0])
            .Select(value => double.Parse(value, CultureInfo.InvariantCulture))
            .ToList();
        return values.Count == 0 ? double.NaN : values.Sum();
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
