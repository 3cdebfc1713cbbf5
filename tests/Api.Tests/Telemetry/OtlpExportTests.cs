using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Saccade.Api.Tests.Support;
using Saccade.Api.Tests.Telemetry.Otlp;

namespace Saccade.Api.Tests.Telemetry;

[Collection(SerialTelemetryTests.Name)]
public sealed class OtlpExportTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task Export_OneRequest_ArrivesAsMetricsSpansAndResource()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (
            var service = await Service.StartAsync(
                new()
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                    ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=tests",
                }
            )
        )
        {
            await SendAsync(service, "/classify");
            await SendAsync(service, "/classify?topK=0");
            (await service.Client().GetAsync(new Uri("/health/ready", UriKind.Relative)).Guarded()).Dispose();
            (await service.Client().GetAsync(new Uri("/metrics", UriKind.Relative)).Guarded()).Dispose();
            Assert.Contains(service.Logs.Entries, entry => entry.Id.Name == "OtlpEnabled");

            // Gauges end with the engine, so one collection is made before. The result also speaks for the scraped reader: nothing to
            // learn.
            _ = service.Services.GetRequiredService<MeterProvider>().ForceFlush();
            await receiver.EnoughAsync(static received => received.AllMetrics.Any());
        }

        // The spans are flushed when the service stops.
        await receiver.EnoughAsync(static received => received.Spans.Count(span => Hex(span.TraceId) == TraceId) >= 7);
        AssertResource(receiver.Metrics.SelectMany(request => request.ResourceMetrics).Select(metrics => metrics.Resource));
        AssertResource(receiver.Traces.SelectMany(request => request.ResourceSpans).Select(spans => spans.Resource));
        AssertMetrics(receiver);
        AssertSpans(receiver);
    }

    [Fact]
    public async Task Export_CollectorThatRefuses_IsMentionedOnceAsAWarning()
    {
        await using var service = await Service.StartAsync(
            new()
            {
                // The discard port: nobody listens.
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            }
        );
        _ = service.Services.GetRequiredService<MeterProvider>().ForceFlush();
        _ = service.Services.GetRequiredService<MeterProvider>().ForceFlush();

        await service.Logs.FirstAsync("TelemetryNotDelivered");
        Assert.Equal(LogLevel.Warning, Assert.Single(service.Logs.Entries, entry => entry.Id.Name == "TelemetryNotDelivered").Level);
    }

    [Fact]
    public async Task Export_NoEndpoint_IsOff()
    {
        await using var service = await Service.StartAsync();
        Assert.DoesNotContain(service.Logs.Entries, entry => entry.Id.Name == "OtlpEnabled");
    }

    private static void AssertResource(IEnumerable<Resource> resources)
    {
        var seen = resources.ToList();
        Assert.NotEmpty(seen);
        Assert.All(
            seen,
            resource =>
            {
                var attributes = resource.Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value.StringValue);
                Assert.Equal("saccade", attributes["service.name"]);
                var version = typeof(Program).Assembly.GetName().Version!.ToString(fieldCount: 3);
                Assert.StartsWith(version, attributes["service.version"], StringComparison.Ordinal);
                Assert.True(Guid.TryParse(attributes["service.instance.id"], out _));
                Assert.Equal("tests", attributes["deployment.environment.name"]);
            }
        );
    }

    private static void AssertMetrics(OtlpReceiver receiver)
    {
        var metrics = receiver.AllMetrics.ToLookup(metric => metric.Name);
        Assert.Equal("s", metrics["saccade.request.duration"].First().Unit);
        var answered = metrics["saccade.request.duration"]
            .First()
            .Histogram.DataPoints.Single(point => Tag(point.Attributes, "outcome") == "answered");
        Assert.Equal(1UL, answered.Count);
        Assert.Equal("colors", Tag(answered.Attributes, "model"));
        Assert.Contains(answered.Exemplars, exemplar => Hex(exemplar.TraceId) == TraceId);
        Assert.Equal(
            ["decode", "inference", "preprocess", "queue"],
            metrics["saccade.stage.duration"].First().Histogram.DataPoints.Select(point => Tag(point.Attributes, "stage")).Order()
        );
        Assert.Equal(1UL, metrics["saccade.batch.size"].First().Histogram.DataPoints.Single().Count);
        Assert.Equal(1, metrics["saccade.requests"].First().Sum.DataPoints.Single().AsInt);
        var refused = metrics["saccade.http.refusals"].First().Sum.DataPoints.Single();
        Assert.Equal(("invalid-parameter", 1), (Tag(refused.Attributes, "code"), refused.AsInt));
        foreach (var name in new[] { "saccade.queue.depth", "saccade.sessions", "http.server.request.duration", "dotnet.gc.collections" })
            Assert.True(metrics.Contains(name), $"{name} is not among {string.Join(", ", metrics.Select(metric => metric.Key))}.");
    }

    private static void AssertSpans(OtlpReceiver receiver)
    {
        var spans = receiver.Spans.Where(span => Hex(span.TraceId) == TraceId).ToList();
        var classify = Assert.Single(spans, span => span.Name == "classify");
        var server = Assert.Single(spans, span => span.SpanId == classify.ParentSpanId);
        Assert.Equal("00f067aa0ba902b7", Hex(server.ParentSpanId));
        Assert.Equal("POST /classify", server.Name);
        Assert.Equal("/classify", Tag(server.Attributes, "http.route"));
        Assert.Equal("POST", Tag(server.Attributes, "http.request.method"));
        Assert.Contains(server.Attributes, attribute => attribute.Key == "http.response.status_code" && attribute.Value.IntValue == 200);
        foreach (var stage in new[] { "decode", "preprocess", "queue", "inference" })
        {
            // The image is resized before it is queued, its crop is written before it is run.
            var children = spans.Where(span => span.Name == stage).ToList();
            Assert.Equal(stage == "preprocess" ? 2 : 1, children.Count);
            Assert.All(children, child => Assert.Equal(classify.SpanId, child.ParentSpanId));
            Assert.All(
                children,
                child => Assert.InRange(child.StartTimeUnixNano, server.StartTimeUnixNano - 1_000_000, child.EndTimeUnixNano)
            );
        }

        Assert.DoesNotContain(receiver.Spans, span => span.Name is "GET /health/ready" or "GET /metrics");
        var batch = Assert.Single(receiver.Spans, span => span.Name == "batch");
        Assert.True(batch.ParentSpanId.IsEmpty);
        Assert.Equal(classify.SpanId, Assert.Single(batch.Links).SpanId);
    }

    private static async Task SendAsync(Service service, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Payload.Form(Payload.RedPng) };
        request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
        using var response = await service.Client().SendAsync(request).Guarded();
    }

    private static string? Tag(IEnumerable<KeyValue> attributes, string key) =>
        attributes.FirstOrDefault(attribute => attribute.Key == key)?.Value.StringValue;

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
