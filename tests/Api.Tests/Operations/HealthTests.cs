using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Saccade.Api.Tests.Support;
using Saccade.Inference.Execution.Sessions;

namespace Saccade.Api.Tests.Operations;

public sealed class HealthTests
{
    private static readonly Uri Live = new("/health/live", UriKind.Relative);
    private static readonly Uri Ready = new("/health/ready", UriKind.Relative);

    [Fact]
    public async Task Ready_UntilTheModelIsWarm_Is503WithTheReason()
    {
        var session = new GatedModelSession();
        session.Hold();
        await using var service = Service.Unloaded(configure: services => services.AddSingleton<ModelSessionFactory>((_, _) => session));
        var client = service.Client();

        using var cold = await client.GetAsync(Ready).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, cold.StatusCode);
        Assert.Equal(
            """{"status":"unhealthy","checks":[{"name":"models","status":"unhealthy","reason":"Models are loading."}]}""",
            await cold.Content.ReadAsStringAsync()
        );
        Assert.NotNull(cold.Headers.RetryAfter);

        using var refused = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("not-ready", await refused.CodeAsync());
        Assert.NotNull(refused.Headers.RetryAfter);

        using var protocol = await client.GetAsync(new Uri("/v2/health/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, protocol.StatusCode);
        // Probes are answered as they should be while models load: no line above Debug tells of them.
        Assert.All(
            service.Logs.Entries.Where(entry => entry.Message.Contains("/health/", StringComparison.Ordinal)),
            entry => Assert.Equal(LogLevel.Debug, entry.Level)
        );

        using var live = await client.GetAsync(Live).Guarded();
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);

        session.Open();
        await service.LoadedAsync();
        using var warm = await client.GetAsync(Ready).Guarded();
        Assert.Equal(HttpStatusCode.OK, warm.StatusCode);
        Assert.Equal("""{"status":"healthy","checks":[{"name":"models","status":"healthy"}]}""", await warm.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ready_NoModelAtAll_Is503WithTheReason()
    {
        var empty = Directory.CreateTempSubdirectory("saccade-no-models-");
        await using var service = await Service.StartAsync(new() { ["Models:Path"] = empty.FullName });
        using var response = await service.Client().GetAsync(Ready).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("No model", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        empty.Delete();
    }

    [Fact]
    public async Task Ready_OnceAskedToStop_Is503WhileLiveStays200()
    {
        var clock = new FakeTimeProvider();
        await using var service = await Service.StartAsync(
            new() { ["Shutdown:NoticePeriod"] = "00:00:10" },
            services => services.AddSingleton<TimeProvider>(clock)
        );
        var client = service.Client();
        service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await service.Logs.FirstAsync("StopNoticed");

        using var ready = await client.GetAsync(Ready).Guarded();
        using var protocol = await client.GetAsync(new Uri("/v2/health/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, protocol.StatusCode);
        // Probes are answered as they should be while models load: no line above Debug tells of them.
        Assert.All(
            service.Logs.Entries.Where(entry => entry.Message.Contains("/health/", StringComparison.Ordinal)),
            entry => Assert.Equal(LogLevel.Debug, entry.Level)
        );

        using var live = await client.GetAsync(Live).Guarded();
        using var answer = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("stopping", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        clock.Advance(TimeSpan.FromSeconds(10));
        await service.Logs.FirstAsync("Drained");
    }
}
