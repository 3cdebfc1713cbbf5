using System.Globalization;
using System.Net;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Endpoints;

[Collection(SharedServiceTests.Name)]
public sealed class ClassifyEndpointTests(SharedService shared)
{
    private readonly HttpClient _client = shared.Service.Client();

    public static TheoryData<string> Forms => ["multipart", "png", "octet-stream", "json", "json with escapes"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Post_EveryBodyForm_NamesTheColour(string form)
    {
        var blue = TestModels.Image(0, 0, 255);
        using HttpContent body = form switch
        {
            "multipart" => Payload.Form(blue),
            "png" => Payload.Raw(blue),
            "octet-stream" => Payload.Raw(blue, "application/octet-stream"),
            "json" => Payload.Base64(blue),
            _ => Payload.Json(
                $$"""
                {"other":[1,{"image":2}],
                 "image":"{{Convert.ToBase64String(blue).Replace("/", "\\/", StringComparison.Ordinal)}}","more":null}
                """
            ),
        };
        using var response = await _client.PostAsync("/classify", body).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("blue", (await response.JsonAsync()).TopLabel());
    }

    [Fact]
    public async Task Post_Image_AnswersExactlyTheContract()
    {
        using var response = await _client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        var answer = await response.JsonAsync();

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["id", "model", "version", "crops", "members", "predictions", "timings"], answer.Names());
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), answer.GetProperty("id").GetString());
        Assert.Equal("colors", answer.GetProperty("model").GetString());
        Assert.Equal("1", answer.GetProperty("version").GetString());
        Assert.Equal("""{"requested":"1","used":1}""", answer.GetProperty("crops").GetRawText());
        Assert.Equal("""["colors"]""", answer.GetProperty("members").GetRawText());
        Assert.Equal(["label", "index", "probability"], answer.GetProperty("predictions")[0].Names());
        Assert.Equal(0, answer.GetProperty("predictions")[0].GetProperty("index").GetInt32());
        Assert.Equal(["totalMs", "decodeMs", "preprocessMs", "queueMs", "inferenceMs", "batchSize"], answer.GetProperty("timings").Names());
        Assert.True(answer.GetProperty("timings").GetProperty("batchSize").GetInt32() >= 1);
    }

    [Fact]
    public async Task Post_Image_ProbabilitiesFallAndSumToOne()
    {
        using var response = await _client.PostAsync("/classify", Payload.Raw(TestModels.Image(200, 100, 50))).Guarded();
        double[] probabilities =
        [
            .. (await response.JsonAsync())
                .GetProperty("predictions")
                .EnumerateArray()
                .Select(p => p.GetProperty("probability").GetDouble()),
        ];
        Assert.Equal(probabilities.OrderDescending(), probabilities);
        Assert.Equal(1, probabilities.Sum(), tolerance: 3e-6);
        Assert.All(probabilities, p => Assert.Equal(Math.Round(p, 6), p));
    }

    [Fact]
    public async Task Post_Image_ServerTimingRepeatsTheBody()
    {
        using var response = await _client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        var timings = (await response.JsonAsync()).GetProperty("timings");
        var header = string.Join(
            ", ",
            new[] { "total", "decode", "preprocess", "queue", "inference" }.Select(stage =>
                $"{stage};dur={timings.GetProperty($"{stage}Ms").GetDouble().ToString(CultureInfo.InvariantCulture)}"
            )
        );
        Assert.Equal(header, response.Headers.GetValues("Server-Timing").Single());
    }

    [Fact]
    public async Task Post_TimingStages_FitIntoTheTotal()
    {
        using var response = await _client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        var timings = (await response.JsonAsync()).GetProperty("timings");
        var stages = new[] { "decodeMs", "preprocessMs", "queueMs", "inferenceMs" }.Sum(stage => timings.GetProperty(stage).GetDouble());
        Assert.InRange(stages, 0.001, timings.GetProperty("totalMs").GetDouble() + 0.01);
    }

    [Theory]
    [InlineData("?crops=10", "10", 10)]
    [InlineData("?crops=12", "12", 12)]
    [InlineData("?crops=144", "144", 144)]
    [InlineData("?crops=1", "1", 1)]
    public async Task Post_Crops_AreUsed(string query, string requested, int used)
    {
        using var response = await _client.PostAsync($"/classify{query}", Payload.Form(TestImages.Png(40, 30))).Guarded();
        var crops = (await response.JsonAsync()).GetProperty("crops");
        Assert.Equal(requested, crops.GetProperty("requested").GetString());
        Assert.Equal(used, crops.GetProperty("used").GetInt32());
    }

    [Fact]
    public async Task Post_Auto_TellsLooksAndWhyItStopped()
    {
        using var clear = await _client.PostAsync("/classify?crops=auto", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(
            """{"requested":"auto","used":1,"stopReason":"confident"}""",
            (await clear.JsonAsync()).GetProperty("crops").GetRawText()
        );

        using var grey = await _client.PostAsync("/classify?crops=auto", Payload.Raw(TestModels.Image(90, 90, 90))).Guarded();
        Assert.Equal(
            """{"requested":"auto","used":145,"stopReason":"exhausted"}""",
            (await grey.JsonAsync()).GetProperty("crops").GetRawText()
        );
    }

    [Theory]
    [InlineData("?topK=1", 1)]
    [InlineData("?topK=2", 2)]
    [InlineData("?topK=1000", 3)]
    [InlineData("", 3)]
    public async Task Post_TopK_BoundsThePredictions(string query, int predictions)
    {
        using var response = await _client.PostAsync($"/classify{query}", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(predictions, (await response.JsonAsync()).GetProperty("predictions").GetArrayLength());
    }

    [Theory]
    [InlineData("?model=colors")]
    [InlineData("?model=colors&version=1")]
    [InlineData("?version=1&priority=-10&deadlineMs=30000")]
    public async Task Post_NamedModelAndVersion_Answers(string query)
    {
        using var response = await _client.PostAsync($"/classify{query}", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("?model=nobody")]
    [InlineData("?model=colors&version=2")]
    [InlineData("?model=..%2F..%2Fetc")]
    [InlineData("?model=%0d%0aX-Evil:1")]
    public async Task Post_UnknownModel_Is404(string query)
    {
        using var response = await _client.PostAsync($"/classify{query}", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("unknown-model", await response.CodeAsync());
    }

    [Fact]
    public async Task Post_DeadlinePassesInTheQueue_Is504()
    {
        await using var service = await Service.StartAsync(configure: GatedModel.Create(out var session));
        var client = service.Client();
        session.Hold();
        var running = client.PostAsync("/classify", Payload.Form(Payload.RedPng));
        await session.NextRunAsync();

        using var late = await client.PostAsync("/classify?deadlineMs=200", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.GatewayTimeout, late.StatusCode);
        Assert.Equal("deadline-exceeded", await late.CodeAsync());

        session.Open();
        using var answered = await running.Guarded();
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task Post_ModelThrows_Is503WithoutTheInnards()
    {
        await using var service = await Service.StartAsync(configure: GatedModel.Create(out var session));
        var client = service.Client();
        session.Fault = (_, _) => throw new InvalidOperationException("a fault of the runtime");
        using var failed = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.Equal("model-failed", await failed.CodeAsync());
        Assert.NotNull(failed.Headers.RetryAfter);
        Assert.DoesNotContain("fault of the runtime", await failed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_VersionThatTheDefaultModelLacks_IsUnknown()
    {
        using var response = await shared.Service.Client().PostAsync("/classify?version=99", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal((HttpStatusCode.NotFound, "unknown-model"), (response.StatusCode, await response.CodeAsync()));
        Assert.Null(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Post_MisspeltParameter_IsRefusedWithTheOneThatWasMeant()
    {
        using var response = await shared.Service.Client().PostAsync("/classify?crop=10", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-parameter"), (response.StatusCode, await response.CodeAsync()));
    }
}
