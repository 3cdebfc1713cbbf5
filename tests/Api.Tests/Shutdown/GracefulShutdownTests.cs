using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Saccade.Api.Shutdown;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Shutdown;

public sealed class GracefulShutdownTests
{
    [Fact]
    public async Task Stop_WithAcceptedRequests_AnswersThemAndRefusesNewOnes()
    {
        await using var service = await Service.ListenAsync(configure: GatedModel.Create(out var session));
        var client = service.Client();
        var lifetime = service.Services.GetRequiredService<IHostApplicationLifetime>();
        session.Hold();
        var running = client.PostAsync("/classify", Payload.Form(Payload.RedPng));
        await session.NextRunAsync();
        var waiting = client.PostAsync("/classify/batch", Payload.Form(Payload.RedPng, TestModels.Image(0, 0, 255)));
        await service.InsideAsync(2);

        lifetime.StopApplication();
        await service.Logs.FirstAsync("DrainStarted", "2 accepted");

        using var refused = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("shutting-down", await refused.CodeAsync());
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.True(refused.Headers.ConnectionClose);
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);

        session.Open();
        using var first = await running.Guarded();
        using var second = await waiting.Guarded();
        Assert.Equal("red", (await first.JsonAsync()).TopLabel());
        Assert.Equal("blue", (await second.JsonAsync())[1].GetProperty("result").TopLabel());
        await service.Logs.FirstAsync("Drained");
        await lifetime.StoppedAsync();
    }

    [Fact]
    public async Task Stop_RequestsThatTakeTooLong_AreCutAtTheTimeout()
    {
        var clock = new FakeTimeProvider();
        var gated = GatedModel.Create(out var session);
        await using var service = await Service.ListenAsync(
            new() { ["Shutdown:DrainTimeout"] = "00:00:05" },
            services =>
            {
                gated(services);
                services.AddSingleton<TimeProvider>(clock);
            }
        );
        session.Hold();
        var running = service.Client().PostAsync("/classify", Payload.Form(Payload.RedPng));
        await session.NextRunAsync();

        service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await service.Logs.FirstAsync("DrainStarted", "1 accepted");
        Assert.DoesNotContain(service.Logs.Entries, entry => entry.Id.Name is "Drained" or "DrainTimedOut");
        clock.Advance(TimeSpan.FromSeconds(5));
        var warning = await service.Logs.FirstAsync("DrainTimedOut");
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("Shutdown:DrainTimeout", warning.Message, StringComparison.Ordinal);

        session.Open();
        using var late = await running.Guarded();
    }

    [Fact]
    public async Task Stop_TwiceAtOnce_StopsEverythingOnce()
    {
        await using var service = await Service.StartAsync();
        var host = service.Services.GetRequiredService<IHost>();
        await Task.WhenAll(host.StopAsync(), host.StopAsync()).Guarded();
        Assert.Single(
            service.Logs.Entries,
            entry => entry.Id.Name == "Drained" && entry.Category.StartsWith("Saccade.Api", StringComparison.Ordinal)
        );
        Assert.Single(service.Logs.Entries, entry => entry.Message.Contains("has stopped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("00:00:00", "00:00:01", "00:00:30", 45)]
    [InlineData("00:00:10", "00:00:01", "00:00:30", 55)]
    [InlineData("00:00:00", "00:01:00", "00:00:30", 75)]
    public async Task Starting_ShutdownOptions_GiveTheHostLongEnough(string notice, string refusal, string drain, int atLeastSeconds)
    {
        var host = new HostOptions();
        var options = new ShutdownOptions
        {
            NoticePeriod = TimeSpan.Parse(notice, CultureInfo.InvariantCulture),
            RefusalPeriod = TimeSpan.Parse(refusal, CultureInfo.InvariantCulture),
            DrainTimeout = TimeSpan.Parse(drain, CultureInfo.InvariantCulture),
        };
        var shutdown = new GracefulShutdown(
            new DrainGate(),
            Options.Create(options),
            Options.Create(host),
            new FakeTimeProvider(),
            NullLogger<GracefulShutdown>.Instance
        );
        await shutdown.StartingAsync(CancellationToken.None);
        Assert.True(host.ShutdownTimeout >= TimeSpan.FromSeconds(atLeastSeconds), $"{host.ShutdownTimeout}");
    }

    [Fact]
    public async Task Close_NobodyInside_IsDoneAtOnce() => await new DrainGate().Close().Guarded();
}
