using System.Net;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Endpoints;

[Collection(SharedServiceTests.Name)]
public sealed class ClassifyBatchEndpointTests(SharedService shared)
{
    private readonly HttpClient _client = shared.Service.Client();

    [Fact]
    public async Task Post_SeveralImages_AnswersInTheirOrder()
    {
        using var form = Payload.Form(
            ("image", "red.png", TestModels.Image(255, 0, 0)),
            ("note", null, [1, 2, 3]),
            ("image", null, TestModels.Image(0, 255, 0)),
            ("image", "blue.png", TestModels.Image(0, 0, 255))
        );
        using var response = await _client.PostAsync("/classify/batch", form).Guarded();
        var items = (await response.JsonAsync()).EnumerateArray().ToArray();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([0, 1, 2], items.Select(item => item.GetProperty("index").GetInt32()));
        Assert.Equal(["red", "green", "blue"], items.Select(item => item.GetProperty("result").TopLabel()));
        Assert.Equal(["index", "fileName", "result"], items[0].Names());
        Assert.Equal(["index", "result"], items[1].Names());
    }

    [Fact]
    public async Task Post_BadImage_GetsAProblemAndTheOthersResults()
    {
        using var form = Payload.Form(TestModels.Image(255, 0, 0), [1, 2, 3], TestModels.Image(0, 0, 255));
        using var response = await _client.PostAsync("/classify/batch", form).Guarded();
        var items = (await response.JsonAsync()).EnumerateArray().ToArray();

        Assert.Equal("red", items[0].GetProperty("result").TopLabel());
        Assert.Equal(["index", "fileName", "problem"], items[1].Names());
        Assert.Equal("unsupported-image", items[1].GetProperty("problem").GetProperty("code").GetString());
        Assert.Equal(415, items[1].GetProperty("problem").GetProperty("status").GetInt32());
        Assert.Equal("blue", items[2].GetProperty("result").TopLabel());
    }

    [Fact]
    public async Task Post_OnlyBadImages_IsStillAnswered()
    {
        using var response = await _client.PostAsync("/classify/batch", Payload.Form([1], [2])).Guarded();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, (await response.JsonAsync()).GetArrayLength());
    }

    [Fact]
    public async Task Post_UnknownModel_RefusesTheWholeRequest()
    {
        using var response = await _client
            .PostAsync("/classify/batch?model=nobody", Payload.Form(Payload.RedPng, Payload.RedPng))
            .Guarded();
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("unknown-model", await response.CodeAsync());
    }

    [Fact]
    public async Task Post_MoreImagesThanTheLimit_Is413()
    {
        await using var service = await Service.StartAsync(new() { ["Limits:MaxImagesPerBatch"] = "2" });
        using var two = await service.Client().PostAsync("/classify/batch", Payload.Form(Payload.RedPng, Payload.RedPng)).Guarded();
        using var three = await service
            .Client()
            .PostAsync("/classify/batch", Payload.Form(Payload.RedPng, Payload.RedPng, Payload.RedPng))
            .Guarded();
        Assert.Equal(HttpStatusCode.OK, two.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, three.StatusCode);
        Assert.Equal("too-many-images", await three.CodeAsync());
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/json")]
    public async Task Post_BodyThatIsNoForm_Is415(string contentType)
    {
        using var response = await _client.PostAsync("/classify/batch", Payload.Raw(Payload.RedPng, contentType)).Guarded();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("multipart/form-data", string.Join(", ", response.Headers.NonValidated["Accept"]));
    }
}
