using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Saccade.Api.Tests.Support;
using Saccade.Inference.Telemetry;

namespace Saccade.Api.Tests.Endpoints;

/// <summary>Models change under a running service.</summary>
public sealed class ModelControlTests : IDisposable
{
    private readonly TempModels _models = new TempModels().Colors("colors");

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task LoadAndUnload_AVersion_ClassifyAnswersWithIt()
    {
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        var client = service.AdminClient();
        _models.Colors("colors", "2");

        using var loaded = await PostAsync(client, "/models/colors/load");
        var body = await loaded.JsonAsync();
        Assert.Equal(HttpStatusCode.OK, loaded.StatusCode);
        Assert.Equal(["1 ready False", "2 ready True"], States(body));
        Assert.Equal(("2", "red"), await ClassifyAsync(client));
        Assert.Equal(("1", "red"), await ClassifyAsync(client, "?version=1"));

        using var unloaded = await PostAsync(client, "/models/colors/unload?version=2");
        Assert.Equal(["1 ready True", "2 unloaded False"], States(await unloaded.JsonAsync()));
        Assert.Equal(("1", "red"), await ClassifyAsync(client));
        using var gone = await client.PostAsync("/classify?model=colors&version=2", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal("unknown-model", await gone.CodeAsync());

        using var again = await PostAsync(client, "/models/colors/load?version=2");
        Assert.Equal(("2", "red"), await ClassifyAsync(client));
    }

    [Fact]
    public async Task Load_Broken_Is422WithTheReasonAndModelsShowsIt()
    {
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        var client = service.AdminClient();
        _models.Colors("colors", "2").Write("colors", "2", "model.onnx", "not the file");

        using var refused = await PostAsync(client, "/models/colors/load?version=2");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var problem = await refused.JsonAsync();
        Assert.Equal("bundle-refused", problem.GetProperty("code").GetString());
        var reason = problem.GetProperty("detail").GetString();
        Assert.Contains("SHA-256", reason, StringComparison.Ordinal);

        using var list = await client.GetAsync(new Uri("/models", UriKind.Relative)).Guarded();
        var model = (await list.JsonAsync()).GetProperty("models")[0];
        Assert.Equal("1", model.GetProperty("defaultVersion").GetString());
        Assert.Equal("failed", model.GetProperty("versions")[1].GetProperty("state").GetString());
        Assert.Equal(reason, model.GetProperty("versions")[1].GetProperty("error").GetString());
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(("1", "red"), await ClassifyAsync(client));
    }

    [Theory]
    [InlineData("/models/nobody/load", HttpStatusCode.NotFound, "unknown-model")]
    [InlineData("/models/nobody/unload", HttpStatusCode.NotFound, "unknown-model")]
    [InlineData("/models/colors/load?version=7", HttpStatusCode.NotFound, "unknown-model")]
    [InlineData("/models/colors/unload?version=%2e%2e", HttpStatusCode.NotFound, "unknown-model")]
    [InlineData("/models/..%2fcolors/load", HttpStatusCode.NotFound, "unknown-model")]
    [InlineData("/models/colors/load?version=", HttpStatusCode.BadRequest, "invalid-parameter")]
    [InlineData("/models/colors/load?version=1&version=2", HttpStatusCode.BadRequest, "invalid-parameter")]
    public async Task LoadAndUnload_NoSuchThing_IsRefused(string path, HttpStatusCode status, string code)
    {
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        using var response = await PostAsync(service.AdminClient(), path);
        Assert.Equal((status, code), (response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task Unload_TheOnlyModel_ServiceIsNotReadyUntilItIsBack()
    {
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        var client = service.AdminClient();
        (await PostAsync(client, "/models/colors/unload")).Dispose();

        using var notReady = await client.GetAsync(new Uri("/health/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        (await PostAsync(client, "/models/colors/load")).Dispose();
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Swap_ManyRequestsUnderWay_EachIsAnsweredByTheOldOrTheNewVersion()
    {
        const int Each = 40;
        var loads = new GatedLoads();
        await using var service = await Service.StartAsync(
            new(_models.Settings.WithAdmin())
            {
                ["Execution:Sessions"] = "1",
                ["Execution:IntraOpThreads"] = "1",
                ["Models:Versions"] = "One",
            },
            loads.Register
        );
        var client = service.AdminClient();
        loads[0].Hold();
        var before = Enumerable.Range(0, Each).Select(_ => ClassifyAsync(client)).ToArray();
        await service.InsideAsync(Each);
        await TestTimeouts.UntilAsync(() => loads[0].AtTheGate == 1);

        _models.Colors("colors", "2", French);
        using var swapped = await PostAsync(client, "/models/colors/load?version=2");
        Assert.Equal(HttpStatusCode.OK, swapped.StatusCode);
        var after = await Task.WhenAll(Enumerable.Range(0, Each).Select(_ => ClassifyAsync(client))).Guarded();
        Assert.All(after, answer => Assert.Equal(("2", "rouge"), answer));
        Assert.False(loads[0].Disposed);

        loads[0].Open();
        var answered = await Task.WhenAll(before).Guarded();
        Assert.All(answered, answer => Assert.True(answer is ("1", "red") or ("2", "rouge")));
        Assert.Contains(("1", "red"), answered);
        await TestTimeouts.UntilAsync(() => loads[0].Disposals == 1);
    }

    [Fact]
    public async Task Stop_WhileALoadIsUnderWay_LoadIsAnsweredAndEverythingFreedOnce()
    {
        var loads = new GatedLoads();
        await using var service = await Service.StartAsync(
            new(_models.Settings.WithAdmin()) { ["Execution:Sessions"] = "1", ["Execution:IntraOpThreads"] = "1" },
            loads.Register
        );
        loads.Opening = (session, _) => session.Hold();
        var loading = PostAsync(service.AdminClient(), "/models/colors/load");
        await TestTimeouts.UntilAsync(() => loads.Count == 2 && loads[1].AtTheGate == 1);

        var host = service.Services.GetRequiredService<IHost>();
        var stopped = Task.WhenAll(host.StopAsync(), host.StopAsync());
        loads[1].Open();

        using var answer = await loading;
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable });
        await stopped.Guarded();
        Assert.Equal((1, 1), (loads[0].Disposals, loads[1].Disposals));
    }

    [Fact]
    public async Task Metrics_LoadsRefusalsAndUnloads_AreCounted()
    {
        await using var service = await Service.StartAsync(_models.Settings.WithAdmin());
        using var loads = new HistogramProbe(service, InstrumentNames.LoadDuration);
        using var unloads = new CounterProbe(service, InstrumentNames.Unloads);
        _models.Colors("colors", "2").Write("colors", "3", "model.onnx", "broken");
        var client = service.AdminClient();
        foreach (var change in new[] { "load?version=2", "load?version=3", "load?version=1", "unload?version=2" })
            (await PostAsync(client, $"/models/colors/{change}")).Dispose();

        Assert.Equal(2, loads.Count("outcome", "loaded"));
        Assert.Equal(1, loads.Count("outcome", "refused"));
        Assert.Equal(1, unloads.Sum("version", "1"));
        Assert.Equal(1, unloads.Sum("version", "2"));
    }

    private static string French(string manifest) => manifest.Replace("\"red\"", "\"rouge\"", StringComparison.Ordinal);

    private static string[] States(JsonElement model) =>
        [
            .. model
                .GetProperty("versions")
                .EnumerateArray()
                .Select(version => $"{version.GetProperty("version")} {version.GetProperty("state")} {version.GetProperty("isDefault")}"),
        ];

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path) =>
        client.PostAsync(new Uri(path, UriKind.Relative), content: null).Guarded();

    private static async Task<(string Version, string Label)> ClassifyAsync(HttpClient client, string query = "")
    {
        using var response = await client.PostAsync($"/classify{query}", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await response.JsonAsync();
        return (answer.GetProperty("version").GetString()!, answer.TopLabel());
    }
}
