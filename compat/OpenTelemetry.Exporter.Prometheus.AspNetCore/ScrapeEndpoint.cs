using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Answers scrapes.</summary>
internal sealed class ScrapeEndpoint
{
    private readonly PrometheusExporter? _exporter;

    /// <exception cref="InvalidOperationException">No provider of metrics is registered.</exception>
    /// <exception cref="ArgumentException">The provider has no exporter of this kind.</exception>
    public ScrapeEndpoint(IServiceProvider services)
    {
        // Building the provider is what creates the exporter.
        _ = services.GetRequiredService<MeterProvider>();
        ExporterSlot slot = services.GetService<ExporterSlot>()
            ?? throw new ArgumentException("A PrometheusExporter could not be found configured on the provided MeterProvider.");
        _exporter = slot.Exporter;
    }

    public static string PathOf(IServiceProvider services)
    {
        // Options are read after the provider is built, so that what its builder configured counts.
        _ = services.GetRequiredService<MeterProvider>();
        PrometheusAspNetCoreOptions options = services.GetRequiredService<IOptionsMonitor<PrometheusAspNetCoreOptions>>().Get(Options.DefaultName);
        return options.ScrapeEndpointPath ?? PrometheusAspNetCoreOptions.DefaultScrapeEndpointPath;
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (_exporter is null)
        {
            return;
        }

        ScrapeFormat format = ScrapeFormat.Negotiate(context.Request.GetTypedHeaders().Accept);
        if (await _exporter.ScrapeAsync(format, context.RequestAborted) is not { } exposition)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        if (exposition.Text.Length > 0)
        {
            context.Response.ContentType = format.ContentType;
            context.Response.Headers.LastModified = exposition.GeneratedAt.ToString("R");
            context.Response.Headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.AcceptEncoding);
            await WriteAsync(context, exposition.Text);
        }
    }

    private static async Task WriteAsync(HttpContext context, byte[] text)
    {
        bool compress = context.Request.GetTypedHeaders().AcceptEncoding
            .Any(static coding => coding.Quality is not 0 && coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase));
        if (!compress)
        {
            await context.Response.Body.WriteAsync(text, context.RequestAborted);
            return;
        }

        context.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(text, context.RequestAborted);
    }
}
