using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Saccade.Compat.Tests;

/// <summary>The expected texts are what the real exporter's code writes for the same instruments.</summary>
public sealed partial class PrometheusTextTests : IAsyncDisposable
{
    private readonly string _name = $"compat.{Guid.NewGuid():N}";
    private readonly Meter _meter;
    private WebApplication? _app;

    public PrometheusTextTests() => _meter = new Meter(_name);

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    [Fact]
    public async Task Scrape_TextFormat_NamesAndEscapesAsPrometheusWants()
    {
        HttpClient client = await StartAsync();
        _meter.CreateCounter<long>("requests.done", "{request}", "a \"b\" \\ c\nd").Add(5, [new("stage", "x\"y\\z\n"), new("a.b", "1"), new("a_b", "2")]);
        _meter.CreateCounter<double>("sent", "By").Add(1.5);
        _meter.CreateUpDownCounter<long>("depth", "1").Add(-3);
        _meter.CreateGauge<double>("rate", "{crop}/s").Record(double.PositiveInfinity);
        Assert.Equal(
            """
            # TYPE depth gauge
            depth{S} -3
            # TYPE rate_per_second gauge
            rate_per_second{S} +Inf
            # TYPE requests_done_total counter
            # HELP requests_done_total a "b" \\ c\nd
            requests_done_total{S,a_b="1;2",stage="x\"y\\z\n"} 5
            # TYPE sent_bytes_total counter
            sent_bytes_total{S} 1.5

            """.ReplaceLineEndings("\n"),
            await ScrapeAsync(client, accept: null));
    }

    [Fact]
    public async Task Scrape_OpenMetrics_AddsUnitsExemplarsCreationAndEnd()
    {
        HttpClient client = await StartAsync();
        using Activity activity = new Activity("traced") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        _meter.CreateCounter<long>("crops", "{crop}").Add(2);
        _meter.CreateHistogram<double>("wait", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 1, 2_500_000] }).Record(0.25);
        Assert.Equal(
            """
            # TYPE crops counter
            crops_total{S} 2 # {trace_id="T",span_id="T"} 2 T
            crops_created{S} T
            # TYPE wait_seconds histogram
            # UNIT wait_seconds seconds
            wait_seconds_bucket{S,le="0.005"} 0
            wait_seconds_bucket{S,le="1.0"} 1 # {trace_id="T",span_id="T"} 0.25 T
            wait_seconds_bucket{S,le="2.5e+06"} 1
            wait_seconds_bucket{S,le="+Inf"} 1
            wait_seconds_sum{S} 0.25
            wait_seconds_count{S} 1
            wait_seconds_created{S} T
            # EOF

            """.ReplaceLineEndings("\n"),
            await ScrapeAsync(client, "application/openmetrics-text"));
    }

    [Theory]
    [InlineData(null, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/html", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text;version=0.0.1", "application/openmetrics-text; version=0.0.1; charset=utf-8")]
    [InlineData("application/openmetrics-text;q=0.2,text/plain;version=1.0.0;q=0.3", "text/plain; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text;version=7,text/plain;q=0.1", "text/plain; version=0.0.4; charset=utf-8")]
    public async Task Scrape_AcceptHeader_ChoosesTheFormat(string? accept, string contentType)
    {
        HttpClient client = await StartAsync();
        _meter.CreateCounter<long>("c").Add(1);
        using HttpResponseMessage response = await SendAsync(client, accept);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Scrape_Resource_BecomesTargetInfo()
    {
        HttpClient client = await StartAsync(static options => options.TargetInfoEnabled = true);
        using HttpResponseMessage response = await SendAsync(client, accept: null);
        string text = await response.Content.ReadAsStringAsync();
        Assert.StartsWith("# TYPE target_info gauge\n# HELP target_info Target metadata\ntarget_info{service_name=\"compat\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_TypesThatDisagree_AreLeftOut()
    {
        HttpClient client = await StartAsync();
        _meter.CreateCounter<long>("clash").Add(1);
        _meter.CreateGauge<long>("clash.total").Record(1);
        _meter.CreateGauge<long>("other").Record(1);
        Assert.Equal("# TYPE other gauge\nother{S} 1\n", await ScrapeAsync(client, accept: null));
    }

    [Fact]
    public async Task Scrape_ManyAtOnce_EachGetsAWholeResponse()
    {
        HttpClient client = await StartAsync();
        Counter<long> counter = _meter.CreateCounter<long>("c");
        counter.Add(1);
        string[] texts = await Task.WhenAll(Enumerable.Range(0, 64).Select(i =>
        {
            counter.Add(1);
            return ScrapeAsync(client, i % 2 == 0 ? null : "application/openmetrics-text");
        }));
        Assert.All(texts, static text => Assert.Matches("^# TYPE c(_total)? counter\nc_total{S} [0-9]+\n(c_created{S} T\n# EOF\n)?$", text));
    }

    [Fact]
    public async Task Scrape_WithinTheCachesTime_GivesTheSameNumbers()
    {
        HttpClient client = await StartAsync(static options => options.ScrapeResponseCacheDurationMilliseconds = int.MaxValue);
        Counter<long> counter = _meter.CreateCounter<long>("c");
        counter.Add(1);
        string first = await ScrapeAsync(client, accept: null);
        counter.Add(1);
        Assert.Equal(first, await ScrapeAsync(client, accept: null));
        Assert.Contains("c_total{S} 2\n", await ScrapeAsync(client, "application/openmetrics-text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_Gzip_WhereAccepted()
    {
        HttpClient client = await StartAsync();
        _meter.CreateCounter<long>("c").Add(1);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "Accept-Encoding", "gzip" } } };
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var gzip = new System.IO.Compression.GZipStream(await response.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        Assert.StartsWith("# TYPE c_total counter\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private async Task<HttpClient> StartAsync(Action<OpenTelemetry.Exporter.PrometheusAspNetCoreOptions>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(static resource => resource.Clear().AddService("compat", autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics => metrics.AddMeter(_name).SetExemplarFilter(ExemplarFilterType.TraceBased).AddPrometheusExporter(options =>
            {
                options.ScrapeResponseCacheDurationMilliseconds = 0;
                options.TargetInfoEnabled = false;
                configure?.Invoke(options);
            }));
        _app = builder.Build();
        _app.MapPrometheusScrapingEndpoint("/metrics");
        await _app.StartAsync();
        return _app.GetTestClient();
    }

    /// <summary>The text, with the scope label, trace ids and times replaced.</summary>
    private async Task<string> ScrapeAsync(HttpClient client, string? accept)
    {
        using HttpResponseMessage response = await SendAsync(client, accept);
        string text = await response.Content.ReadAsStringAsync();
        return Varying().Replace(text.Replace($"otel_scope_name=\"{_name}\"", "S", StringComparison.Ordinal), "T");
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("Accept", accept));
        }

        HttpResponseMessage response = await client.SendAsync(request);
        return response.EnsureSuccessStatusCode();
    }

    [GeneratedRegex("\\b[0-9]{10}(\\.[0-9]+)?\\b|(?<=\")([0-9a-f]{32}|[0-9a-f]{16})(?=\")")]
    private static partial Regex Varying();
}
