using System.Globalization;
using System.Net.Http.Headers;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Telemetry;

[Collection(SerialTelemetryTests.Name)]
public sealed class MetricsEndpointTests
{
    [Fact]
    public async Task Get_AfterRequests_HasHistogramsCountersAndGauges()
    {
        await using var service = await Service.StartAsync();
        var client = service.Client();
        for (var i = 0; i < 3; i++)
            (await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded()).Dispose();
        (await client.PostAsync("/classify", Payload.Raw([1, 2, 3])).Guarded()).Dispose();

        // ASP.NET Core counts a request once its response has gone out, which the client may see first: scrape until it has.
        string[] lines;
        using var guard = new CancellationTokenSource(TestTimeouts.Guard);
        do
        {
            guard.Token.ThrowIfCancellationRequested();
            lines = (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)).Guarded()).Split('\n');
        } while (
            Array
                .FindAll(lines, line => line.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal))
                .Sum(Number) < 4
        );

        Assert.Contains("# TYPE saccade_request_duration_seconds histogram", lines);
        Assert.Equal(3, Value(lines, "saccade_request_duration_seconds_count", "outcome=\"answered\""));
        Assert.Equal(3, Value(lines, "saccade_request_duration_seconds_bucket", "outcome=\"answered\"", "le=\"+Inf\""));
        Assert.Equal(1, Value(lines, "saccade_request_duration_seconds_count", "outcome=\"unsupported_image\""));
        Assert.Equal(4, Value(lines, "saccade_stage_duration_seconds_count", "stage=\"decode\""));
        Assert.Equal(3, Value(lines, "saccade_stage_duration_seconds_count", "stage=\"inference\""));
        Assert.Equal(3, Value(lines, "saccade_batch_size_sum"));
        Assert.Equal(1, Value(lines, "saccade_http_refusals_total", "code=\"unsupported-image\"", "http_response_status_code=\"415\""));
        Assert.Equal(0, Value(lines, "saccade_queue_depth", "model=\"colors\""));
        Assert.InRange(Value(lines, "saccade_queue_wait_seconds", "model=\"colors\""), 1e-6, 10);
        Assert.Equal(0, Value(lines, "saccade_decode_waiting"));
        Assert.Equal(0, Value(lines, "saccade_decode_memory_bytes"));
        Assert.Equal(1, Value(lines, "saccade_sessions", "state=\"idle\""));
        Assert.Equal(
            3,
            Value(lines, "http_server_request_duration_seconds_count", "http_response_status_code=\"200\"", "http_route=\"/classify\"")
        );
        Assert.Contains(
            lines,
            line =>
                line.StartsWith("target_info{", StringComparison.Ordinal)
                && line.Contains("service_name=\"saccade\"", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Get_OpenMetrics_HasExemplarsOrAtLeastItsEnd()
    {
        await using var service = await Service.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text; version=1.0.0"));
        using var response = await service.Client().SendAsync(request).Guarded();
        Assert.Equal("application/openmetrics-text", response.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("# EOF\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ScrapesAndProbes_AreNotCountedAsRequests()
    {
        await using var service = await Service.StartAsync();
        var client = service.Client();
        (await client.GetAsync(new Uri("/health/ready", UriKind.Relative)).Guarded()).Dispose();
        (await client.GetAsync(new Uri("/metrics", UriKind.Relative)).Guarded()).Dispose();
        var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)).Guarded();
        Assert.DoesNotContain("http_route=\"/health", text, StringComparison.Ordinal);
        Assert.DoesNotContain("http_route=\"/metrics", text, StringComparison.Ordinal);
    }

    private static double Value(string[] lines, string name, params string[] labels)
    {
        var line = Assert.Single(
            lines,
            line =>
                line.StartsWith(name + '{', StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal))
        );
        return Number(line);
    }

    private static double Number(string line) =>
        double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
}
