using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Saccade.Api.Tests.Telemetry.Otlp;

namespace Saccade.Api.Tests.Telemetry;

/// <summary>A collector: takes OTLP over HTTP with protobuf and keeps what it decodes.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _arrivals = new(0);

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapPost("/v1/metrics", request => KeepAsync(request, ExportMetricsServiceRequest.Parser, Metrics));
        _app.MapPost("/v1/traces", request => KeepAsync(request, ExportTraceServiceRequest.Parser, Traces));
        _app.MapPost("/v1/logs", static _ => Task.CompletedTask);
    }

    public ConcurrentQueue<ExportMetricsServiceRequest> Metrics { get; } = [];

    public ConcurrentQueue<ExportTraceServiceRequest> Traces { get; } = [];

    public string Address => _app.Urls.First();

    public IEnumerable<Span> Spans =>
        Traces.SelectMany(request => request.ResourceSpans).SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans);

    public IEnumerable<Metric> AllMetrics =>
        Metrics
            .SelectMany(request => request.ResourceMetrics)
            .SelectMany(resource => resource.ScopeMetrics)
            .SelectMany(scope => scope.Metrics);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync().Guarded();
        return receiver;
    }

    /// <summary>Waits until what has arrived is enough.</summary>
    public async Task EnoughAsync(Func<OtlpReceiver, bool> enough)
    {
        while (!enough(this))
            await _arrivals.WaitAsync().Guarded();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrivals.Dispose();
    }

    private async Task KeepAsync<T>(HttpContext context, MessageParser<T> parser, ConcurrentQueue<T> kept)
        where T : IMessage<T>
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        kept.Enqueue(parser.ParseFrom(body.ToArray()));
        _arrivals.Release();
    }
}
