using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Saccade.Compat.Tests;

public sealed class HostingTests
{
    [Fact]
    public async Task AddOpenTelemetry_HostStarts_ListensWithoutAnyoneResolvingAProvider()
    {
        using var meter = new Meter($"hosting.{Guid.NewGuid():N}");
        using var source = new ActivitySource($"hosting.{Guid.NewGuid():N}");
        Counter<long> counter = meter.CreateCounter<long>("c");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(meter.Name).AddReader(new Reader()));
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(source.Name));
        using IHost host = builder.Build();

        Assert.False(counter.Enabled);
        await host.StartAsync();
        Assert.True(counter.Enabled);
        Assert.True(source.HasListeners());
        await host.StopAsync();
    }

    [Fact]
    public void AddOpenTelemetry_Twice_AddsOneHostedServiceBeforeAllOthers()
    {
        var services = new ServiceCollection();
        services.AddHostedService<Other>();
        services.AddOpenTelemetry();
        services.AddOpenTelemetry();
        ServiceDescriptor[] hosted = [.. services.Where(static service => service.ServiceType == typeof(IHostedService))];
        Assert.Equal(2, hosted.Length);
        Assert.Equal("TelemetryHostedService", hosted[0].ImplementationType?.Name);
    }

    private sealed class Reader : MetricReader;

    private sealed class Other : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
