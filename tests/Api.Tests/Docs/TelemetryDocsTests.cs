using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Saccade.Api.Telemetry;
using Saccade.Api.Tests.Support;
using Saccade.Api.Tests.Telemetry;
using Saccade.Inference.Bundles;

namespace Saccade.Api.Tests.Docs;

/// <summary>docs/telemetry.md lists the instruments, spans and log events that there are, and no others.</summary>
[Collection(SerialTelemetryTests.Name)]
public sealed partial class TelemetryDocsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "telemetry.md"));

    [Fact]
    public async Task Page_Instruments_AreTheExistingOnesWithKindAndUnit()
    {
        await using var service = await Service.StartAsync();
        var meters = service.Services.GetRequiredService<IMeterFactory>();
        var existing = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == ApiMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                existing.Add($"{instrument.Name} {Kind(instrument)} {instrument.Unit}");
        };
        listener.Start();
        Assert.Equal(
            existing,
            InstrumentRow()
                .Matches(Page)
                .Select(row => $"{row.Groups["name"]} {row.Groups["kind"]} {row.Groups["unit"]}")
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Page_Spans_AreTheExistingOnes()
    {
        var existing = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ApiMetrics.MeterName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (existing)
                    existing.Add(span.OperationName);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using (var service = await Service.StartAsync())
        {
            (await service.Client().PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded()).Dispose();
            (await service.Client().PostAsync("/embed", Payload.Form(Payload.RedPng)).Guarded()).Dispose();
            (
                await service
                    .Client()
                    .PostAsync("/v2/models/colors/infer", Payload.Json(OpenInference.Tensor.Json(OpenInference.Tensor.Red)))
                    .Guarded()
            ).Dispose();
        }

        Assert.Equal(existing, SpanRow().Matches(Page).Select(row => row.Groups["name"].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Page_NamesEveryMeterAndSourceThatIsCollected() =>
        Assert.All(
            TelemetrySetup.Meters.Concat(TelemetrySetup.Sources),
            name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal)
        );

    [Fact]
    public void Page_LogEvents_AreTheExistingOnesWithLevelAndMessage()
    {
        var existing =
            from type in new[] { typeof(ApiMetrics).Assembly, typeof(ModelManifest).Assembly }.SelectMany(assembly => assembly.GetTypes())
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            let log = method.GetCustomAttribute<LoggerMessageAttribute>()
            where log is not null
            orderby log.EventId
            let level = log.Level == LogLevel.None ? "by cause" : $"{log.Level}"
            select $"| {log.EventId} | `{log.EventName ?? method.Name}` | {level} | {log.Message} |";

        Assert.Equal(existing, EventRow().Matches(Page).Select(row => row.Value));
    }

    private static string Kind(Instrument instrument) =>
        instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex(
        @"^\| `(?<name>saccade\.[a-z.]+)` \| (?<kind>\w+) \| `?(?<unit>[^`|]*?)`? \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex InstrumentRow();

    [GeneratedRegex(@"^\| [0-9]+ \| `\w+` \|.*\|$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EventRow();

    [GeneratedRegex(@"^\| span `(?<name>\w+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SpanRow();
}
