using System.Net;
using System.Text.Json;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Endpoints;

/// <summary><c>explain=crops</c>: where was looked, in pixels of the image.</summary>
[Collection(SharedServiceTests.Name)]
public sealed class ExplainTests(SharedService shared)
{
    private readonly HttpClient _client = shared.Service.Client();

    [Fact]
    public async Task Post_OneLook_IsWhereTheAnswerComesFrom()
    {
        // Red, then green in the middle, then blue. The model's input is square, so one window sees the middle only.
        var crops = await CropsAsync("crops=1", Striped(), "green");

        Assert.Equal("""{"width":48,"height":16}""", crops.GetProperty("image").GetRawText());
        Assert.Equal(
            """[{"member":"colors","x":16,"y":0,"width":16,"height":16,"mirrored":false,"times":1}]""",
            crops.GetProperty("windows").GetRawText()
        );
    }

    [Theory]
    [InlineData("10")]
    [InlineData("12")]
    [InlineData("144")]
    [InlineData("auto")]
    public async Task Post_SeveralLooks_AreAllToldAndLieInTheImage(string mode)
    {
        var crops = await CropsAsync($"crops={mode}", TestImages.Png(500, 375), label: null);

        JsonElement[] windows = [.. crops.GetProperty("windows").EnumerateArray()];
        Assert.Equal(crops.GetProperty("used").GetInt32(), windows.Sum(window => window.GetProperty("times").GetInt32()));
        Assert.All(
            windows,
            window =>
            {
                Assert.Equal(["member", "x", "y", "width", "height", "mirrored", "times"], window.Names());
                Assert.InRange(Number(window, "x"), 0, 500);
                Assert.InRange(Number(window, "y"), 0, 375);
                Assert.InRange(Number(window, "x") + Number(window, "width"), 1, 500.01);
                Assert.InRange(Number(window, "y") + Number(window, "height"), 1, 375.01);
            }
        );
        if (mode != "auto")
            Assert.Equal(windows.Length / 2, windows.Count(window => window.GetProperty("mirrored").GetBoolean()));
    }

    [Fact]
    public async Task Post_Batch_EveryAnswerHasItsOwnLooks()
    {
        using var response = await _client.PostAsync("/classify/batch?explain=crops", Payload.Form(Payload.RedPng, Striped())).Guarded();
        var items = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            [16, 48],
            items
                .EnumerateArray()
                .Select(item => item.GetProperty("result").GetProperty("crops").GetProperty("image").GetProperty("width").GetInt32())
        );
    }

    private async Task<JsonElement> CropsAsync(string query, byte[] image, string? label)
    {
        using var response = await _client.PostAsync($"/classify?{query}&explain=crops", Payload.Raw(image)).Guarded();
        var answer = await response.JsonAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        if (label is not null)
            Assert.Equal(label, answer.TopLabel());
        return answer.GetProperty("crops");
    }

    private static byte[] Striped()
    {
        var pixels = new byte[3 * 48 * 16];
        for (var at = 0; at < 48 * 16; at++)
            pixels[(3 * at) + (at % 48 / 16)] = 255;
        return TestImages.Png(pixels, 48, 16);
    }

    private static double Number(JsonElement window, string name) => window.GetProperty(name).GetDouble();
}
