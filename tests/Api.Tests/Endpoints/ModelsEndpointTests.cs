using System.Net;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Endpoints;

[Collection(SharedServiceTests.Name)]
public sealed class ModelsEndpointTests(SharedService shared)
{
    private readonly HttpClient _client = shared.Service.Client();

    [Fact]
    public async Task List_NamesModelsStatesAndLimits()
    {
        using var response = await _client.GetAsync(new Uri("/models", UriKind.Relative)).Guarded();
        var body = await response.JsonAsync();

        Assert.Equal("colors", body.GetProperty("defaultModel").GetString());
        Assert.True(body.GetProperty("ready").GetBoolean());
        Assert.Contains(body.GetProperty("jpegDecoder").GetString(), new[] { "libjpeg-turbo", "ImageSharp" });
        Assert.Equal(20 * 1024 * 1024, body.GetProperty("limits").GetProperty("maxBodyBytes").GetInt64());
        Assert.Equal(30_000, body.GetProperty("limits").GetProperty("defaultDeadlineMs").GetDouble());
        var model = Assert.Single(body.GetProperty("models").EnumerateArray());
        Assert.Equal("1", model.GetProperty("defaultVersion").GetString());
        var version = Assert.Single(model.GetProperty("versions").EnumerateArray());
        Assert.Equal(["version", "state", "architecture", "classes"], version.Names());
        Assert.Equal("ready", version.GetProperty("state").GetString());
        Assert.Equal(3, version.GetProperty("classes").GetInt32());
    }

    [Fact]
    public async Task One_TellsAllOfAVersion()
    {
        using var response = await _client.GetAsync(new Uri("/models/colors", UriKind.Relative)).Guarded();
        var body = await response.JsonAsync();
        var version = Assert.Single(body.GetProperty("versions").EnumerateArray());

        Assert.True(body.GetProperty("isDefault").GetBoolean());
        Assert.True(version.GetProperty("isDefault").GetBoolean());
        Assert.Equal("CPU", version.GetProperty("provider").GetString());
        Assert.Equal(1, version.GetProperty("sessions").GetProperty("total").GetInt32());
        Assert.Equal(1, version.GetProperty("sessions").GetProperty("healthy").GetInt32());
        Assert.Equal(0, version.GetProperty("queue").GetProperty("depth").GetInt32());
        Assert.Equal(1024, version.GetProperty("queue").GetProperty("capacity").GetInt32());
        Assert.Equal("float32", version.GetProperty("input").GetProperty("type").GetString());
        Assert.Equal("NCHW", version.GetProperty("input").GetProperty("layout").GetString());
        Assert.Equal("bilinear", version.GetProperty("preprocessing").GetProperty("interpolation").GetString());
        Assert.Equal(["red", "green", "blue"], version.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
    }

    [Theory]
    [InlineData("/models/nobody")]
    [InlineData("/models/%0a")]
    [InlineData("/models/COLORS")]
    public async Task One_UnknownName_Is404(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("unknown-model", await response.CodeAsync());
    }
}
