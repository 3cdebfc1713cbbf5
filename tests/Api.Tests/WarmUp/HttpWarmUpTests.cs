using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.Tests.Support;
using Saccade.Api.Tests.Telemetry;
using Saccade.Api.WarmUp;

namespace Saccade.Api.Tests.WarmUp;

/// <summary>What the service asks itself before it says that it is ready. Alone, because metrics tell of every service in the
/// process.</summary>
[Collection(SerialTelemetryTests.Name)]
public sealed class HttpWarmUpTests
{
    [Fact]
    public async Task Start_UntilReady_HasAnsweredEveryFormThatClientsUse()
    {
        await using var service = await Service.StartAsync();

        var sent = service.Logs.Entries.Where(entry => entry.Id.Name == "WarmedUp").Select(entry => entry.Message).ToArray();

        Assert.Equal(5, sent.Length);
        Assert.Equal(4, sent.Count(static line => line.Contains(": 200, ", StringComparison.Ordinal)));
        Assert.Single(sent, static line => line.Contains(" application/octet-stream: 415, ", StringComparison.Ordinal));
        Assert.All(
            ["image/jpeg", "image/png", "multipart/form-data", "application/json"],
            type => Assert.Single(sent, line => line.Contains($" {type}", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Start_ALimitIsSet_RepeatsRequestsAndSaysHowManyItSent()
    {
        await using var service = await Service.StartAsync(new() { ["WarmUp:Limit"] = "00:00:20" });

        var ended = Assert.Single(service.Logs.Entries, entry => entry.Id.Name == "WarmUpEnded");
        var requests = int.Parse(ended.Message.Split(' ')[3], CultureInfo.InvariantCulture);

        Assert.InRange(requests, 5 * CompilerRest.LeastRounds, int.MaxValue);
        Assert.Equal(5, service.Logs.Entries.Count(entry => entry.Id.Name == "WarmedUp"));
    }

    [Fact]
    public async Task Start_TheDefaultModelIsAnEnsemble_ItIsWarmedUp()
    {
        using var models = new TempModels()
            .Colors("first")
            .Colors("second")
            .Ensemble("both", """{"members":[{"model":"first"},{"model":"second"}]}""");
        await using var service = await Service.StartAsync(new(models.Settings) { ["Models:Default"] = "both" });

        var sent = service.Logs.Entries.Where(entry => entry.Id.Name == "WarmedUp").Select(entry => entry.Message);

        Assert.Equal(4, sent.Count(static line => line.Contains(": 200, ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Start_WarmUpUnderWay_ReadyOnlyAfterIt()
    {
        var mayEnd = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        await using var service = Service.Unloaded(configure: services =>
            services.AddSingleton<Saccade.Inference.Models.WarmUp>(_ =>
                token =>
                {
                    begun.SetResult();
                    return mayEnd.Task.WaitAsync(token);
                }
            )
        );
        await begun.Task.Guarded();

        using var before = await service.Client().GetAsync(new Uri("/health/ready", UriKind.Relative)).Guarded();
        mayEnd.SetResult();
        await service.LoadedAsync();
        using var after = await service.Client().GetAsync(new Uri("/health/ready", UriKind.Relative)).Guarded();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
    }

    [Fact]
    public async Task Start_WarmUpRequests_AreCountedNowhere()
    {
        await using var service = await Service.StartAsync();
        var client = service.Client();

        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)).Guarded();
        using var statistics = await client.GetAsync(new Uri("/v2/models/colors/stats", UriKind.Relative)).Guarded();

        Assert.DoesNotContain("saccade_request_duration_seconds_count", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("saccade_stage_duration_seconds_count", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("saccade_batch_size_count", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("saccade_http_refusals_total{", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Logs.Entries, static entry => entry.Id.Name == "RequestRefused");
        Assert.DoesNotContain("http_route=\"/classify\"", metrics, StringComparison.Ordinal);
        Assert.Equal(0, (await statistics.JsonAsync()).GetProperty("model_stats")[0].GetProperty("inference_count").GetInt64());
    }
}
