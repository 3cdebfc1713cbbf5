using System.Net;
using System.Text.Json;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.OpenInference;

/// <summary>What a client asks before it sends tensors.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class ServerTests(SharedService shared)
{
    private readonly HttpClient _client = shared.Service.Client();

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    public async Task Server_TellsNameVersionAndExtensions(string path)
    {
        var body = await GetAsync(path);
        Assert.Equal("saccade", body.GetProperty("name").GetString());
        Assert.NotEmpty(body.GetProperty("version").GetString()!);
        Assert.Contains("binary_tensor_data", body.GetProperty("extensions").EnumerateArray().Select(one => one.GetString()));
    }

    [Fact]
    public async Task Health_LiveAndReady()
    {
        Assert.True((await GetAsync("/v2/health/live")).GetProperty("live").GetBoolean());
        Assert.True((await GetAsync("/v2/health/ready")).GetProperty("ready").GetBoolean());
    }

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    [InlineData("/v2/models/colors")]
    [InlineData("/v2/models/colors/ready")]
    [InlineData("/v2/models/colors/config")]
    [InlineData("/v2/models/colors/stats")]
    [InlineData("/models")]
    [InlineData("/models/colors")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Head_WhereGetIsServed_Is200(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await _client.SendAsync(request).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/v2/models/colors")]
    [InlineData("/v2/models/colors/versions/1")]
    public async Task Model_TellsItsTensors(string path)
    {
        var body = await GetAsync(path);
        Assert.Equal("colors", body.GetProperty("name").GetString());
        Assert.Equal(["1"], body.GetProperty("versions").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal("onnxruntime_onnx", body.GetProperty("platform").GetString());
        Assert.Equal(
            """{"name":"input","datatype":"FP32","shape":[-1,3,8,8]}""",
            Assert.Single(body.GetProperty("inputs").EnumerateArray()).GetRawText()
        );
        Assert.Equal(
            """{"name":"logits","datatype":"FP32","shape":[-1,3]}""",
            Assert.Single(body.GetProperty("outputs").EnumerateArray()).GetRawText()
        );

        var ready = await GetAsync($"{path}/ready");
        Assert.Equal(("colors", true), (ready.GetProperty("name").GetString(), ready.GetProperty("ready").GetBoolean()));

        var config = await GetAsync($"{path}/config");
        Assert.Equal(32, config.GetProperty("max_batch_size").GetInt32());
        Assert.Equal("""{"name":"input","data_type":"TYPE_FP32","dims":[3,8,8]}""", config.GetProperty("input")[0].GetRawText());
    }

    [Theory]
    [InlineData("/v2/models/nobody", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/nobody/ready", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/colors/versions/2", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/colors/versions/latest/ready", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/colors/versions/2/stats", HttpStatusCode.NotFound)]
    [InlineData("/v2/nothing", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/colors/infer", HttpStatusCode.MethodNotAllowed)]
    public async Task Unknown_IsToldAsTheProtocolHasIt(string path, HttpStatusCode status)
    {
        // The client checks that the body is {"error": "…"}.
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative)).Guarded();
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Ready_ModelIsBrokenOrUnloaded_TellsWhich()
    {
        using var models = new TempModels().Colors("colors").Colors("colors", "2").Write("broken", "1", "model.onnx", "x");
        await using var service = await Service.StartAsync(models.Settings.WithAdmin());
        var client = service.AdminClient();
        using var broken = await client.GetAsync(new Uri("/v2/models/broken/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, broken.StatusCode);
        Assert.Null(broken.Headers.RetryAfter);

        (await client.PostAsync(new Uri("/v2/repository/models/colors/unload?version=2", UriKind.Relative), null).Guarded())
            .EnsureSuccessStatusCode()
            .Dispose();
        using var unloaded = await client.GetAsync(new Uri("/v2/models/colors/versions/2/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.NotFound, unloaded.StatusCode);
        using var index = await client.PostAsync(new Uri("/v2/repository/index", UriKind.Relative), null).Guarded();
        Assert.Equal(
            ["broken/1 UNAVAILABLE", "colors/1 READY", "colors/2 UNAVAILABLE"],
            (await index.JsonAsync())
                .EnumerateArray()
                .Select(one => $"{one.GetProperty("name")}/{one.GetProperty("version")} {one.GetProperty("state")}")
        );

        (await client.PostAsync(new Uri("/v2/repository/models/colors/load", UriKind.Relative), null).Guarded())
            .EnsureSuccessStatusCode()
            .Dispose();
        using var loaded = await client.GetAsync(new Uri("/v2/models/colors/versions/2/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.OK, loaded.StatusCode);

        (await client.PostAsync(new Uri("/v2/repository/models/colors/unload", UriKind.Relative), null).Guarded())
            .EnsureSuccessStatusCode()
            .Dispose();
        using var ready = await client.GetAsync(new Uri("/v2/health/ready", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }
}
