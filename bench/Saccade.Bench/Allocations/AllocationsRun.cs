using Saccade.Bench.Processes;

namespace Saccade.Bench.Allocations;

/// <summary>Sends requests and reads the service's own counters before and after.</summary>
internal sealed class AllocationsRun(Uri address, byte[] image)
{
    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";
    private const string ProcessorTime = "dotnet_process_cpu_time_seconds_total";
    private const string Requests = "saccade_requests_total";

    /// <summary>Sends one request on a connection of its own and tells how long its answer took.</summary>
    public async Task<TimeSpan> TimeOneAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        await SendAsync(clients: 1, requests: 1, crops: 1);
        return TimeProvider.System.GetElapsedTime(start);
    }

    /// <summary>Sends so many requests from so many clients and waits for their answers.</summary>
    /// <exception cref="HttpRequestException">One was not answered with labels.</exception>
    public async Task SendAsync(int clients, int requests, int crops)
    {
        using var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = clients,
            UseProxy = false,
            UseCookies = false,
        };
        using var client = new HttpClient(handler) { BaseAddress = address };
        var path = new Uri(FormattableString.Invariant($"/classify?crops={crops}"), UriKind.Relative);
        await Task.WhenAll(
            Enumerable
                .Range(0, clients)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        for (var i = 0; i < requests / clients; i++)
                        {
                            using var body = new ByteArrayContent(image);
                            body.Headers.ContentType = new("image/jpeg");
                            using var answer = await client.PostAsync(path, body);
                            answer.EnsureSuccessStatusCode();
                        }
                    })
                )
        );
    }

    /// <summary>What each of so many requests costs: bytes of managed memory and seconds of processor time, background work
    /// included.</summary>
    public async Task<(double Bytes, double Seconds)> MeasureAsync(int clients, int requests, int crops)
    {
        var before = await ReadAsync();
        await SendAsync(clients, requests, crops);
        var after = await ReadAsync();
        var counted = after[Requests] - before[Requests];
        return ((after[Allocated] - before[Allocated]) / counted, (after[ProcessorTime] - before[ProcessorTime]) / counted);
    }

    private async Task<Dictionary<string, double>> ReadAsync()
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri(address, "/metrics"));
        return new[] { Allocated, ProcessorTime, Requests }.ToDictionary(
            metric => metric,
            metric => ServiceCounters.Sum(text, metric),
            StringComparer.Ordinal
        );
    }
}
