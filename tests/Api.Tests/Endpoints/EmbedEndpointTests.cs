using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.Shutdown;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Endpoints;

/// <summary><c>POST /embed</c>, over a network whose features are the mean of each channel, 0 to 1.</summary>
public sealed class EmbedEndpointTests : IAsyncLifetime, IDisposable
{
    private static readonly byte[] Orange = TestModels.Image(255, 153, 0);

    private readonly TempModels _models = new TempModels()
        .Featured("colors")
        .Colors("plain")
        .Ensemble("both", """{"members":[{"model":"colors"},{"model":"plain"}]}""");
    private Service? _service;

    private HttpClient Client => _service!.Client();

    public async Task InitializeAsync() => _service = await Service.StartAsync(new(_models.Settings) { ["Models:Default"] = "colors" });

    public async Task DisposeAsync() => await _service!.DisposeAsync();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Post_AnyBody_AnswersTheFeaturesOfTheImage()
    {
        HttpContent[] bodies =
        [
            Payload.Raw(Orange),
            Payload.Form(Orange),
            JsonContent.Create(new { image = Convert.ToBase64String(Orange) }),
        ];
        foreach (var body in bodies)
        {
            var answer = await EmbedAsync("", body);

            Assert.Equal(["id", "model", "version", "crops", "size", "normalised", "embedding", "timings"], answer.Names());
            Assert.Equal(("colors", "1"), (answer.GetProperty("model").GetString(), answer.GetProperty("version").GetString()));
            Assert.Equal("""{"requested":"1","used":1}""", answer.GetProperty("crops").GetRawText());
            Assert.Equal(3, answer.GetProperty("size").GetInt32());
            Assert.False(answer.GetProperty("normalised").GetBoolean());
            Assert.Equal([1, 0.6, 0], Vector(answer), Near);
        }
    }

    [Fact]
    public async Task Post_Normalised_HasLengthOneInTheSameDirection()
    {
        var answer = await EmbedAsync("?normalise=true", Payload.Raw(Orange));

        var length = Math.Sqrt(1 + (0.6 * 0.6));
        Assert.True(answer.GetProperty("normalised").GetBoolean());
        Assert.Equal([1 / length, 0.6 / length, 0], Vector(answer), Near);
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("144", 144)]
    public async Task Post_SeveralCrops_AnswersTheirMean(string crops, int used)
    {
        var answer = await EmbedAsync($"?crops={crops}", Payload.Raw(Orange));

        Assert.Equal(used, answer.GetProperty("crops").GetProperty("used").GetInt32());
        Assert.Equal([1, 0.6, 0], Vector(answer), Near);
    }

    [Theory]
    [InlineData("?model=plain", "no-features", "exported without them")]
    [InlineData("?model=both", "no-features", "ask one of colors, plain")]
    [InlineData("?model=gone", "unknown-model", "gone")]
    [InlineData("?normalise=yes", "invalid-parameter", "normalise must be true or false; it is 'yes'.")]
    [InlineData("?topK=3", "invalid-parameter", "There is no parameter 'topK'.")]
    [InlineData("?crops=7", "invalid-parameter", "crops must be one of")]
    public async Task Post_WhatCannotBeAnswered_IsRefusedWithTheReason(string query, string code, string detail)
    {
        using var response = await Client.PostAsync($"/embed{query}", Payload.Raw(Orange)).Guarded();

        Assert.Equal(code == "unknown-model" ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.JsonAsync();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_NoImage_IsRefusedAsByClassify()
    {
        using var response = await Client.PostAsync("/embed", Payload.Raw("no image"u8.ToArray())).Guarded();

        Assert.Equal("unsupported-image", await response.CodeAsync());
    }

    [Fact]
    public async Task Post_Stopping_IsRefusedAsClassifyIs()
    {
        await _service!.Services.GetRequiredService<DrainGate>().Close().Guarded();

        using var response = await Client.PostAsync("/embed", Payload.Raw(Orange)).Guarded();

        Assert.Equal("shutting-down", await response.CodeAsync());
    }

    [Fact]
    public async Task Get_Model_SaysWhatItsFeaturesAre()
    {
        using var response = await Client.GetAsync("/models/colors").Guarded();

        var version = (await response.JsonAsync()).GetProperty("versions")[0];
        Assert.Equal("""{"output":"features","size":3}""", version.GetProperty("features").GetRawText());
    }

    private async Task<JsonElement> EmbedAsync(string query, HttpContent body)
    {
        using var response = await Client.PostAsync($"/embed{query}", body).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }

    private static double[] Vector(JsonElement answer) =>
        [.. answer.GetProperty("embedding").EnumerateArray().Select(one => one.GetDouble())];

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) < 1e-5;
}
