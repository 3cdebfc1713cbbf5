using System.Net;
using System.Text.Json;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Endpoints;

/// <summary>Labels that do not exclude each other, over HTTP.</summary>
public sealed class ActivationTests
{
    [Fact]
    public async Task Post_SigmoidModel_SaysWhichLabelsHold()
    {
        using var models = new TempModels().MultiLabel("colors", threshold: 0.9);
        await using var service = await Service.StartAsync(models.Settings);

        using var response = await service.Client().PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var predictions = answer.RootElement.GetProperty("predictions").EnumerateArray().ToArray();
        Assert.Equal("red", predictions[0].GetProperty("label").GetString());
        Assert.Equal([true, false, false], predictions.Select(one => one.GetProperty("selected").GetBoolean()));
    }

    [Fact]
    public async Task Post_SigmoidModelByAuto_Is400()
    {
        using var models = new TempModels().MultiLabel("colors", threshold: 0.9);
        await using var service = await Service.StartAsync(models.Settings);

        using var response = await service.Client().PostAsync("/classify?crops=auto", Payload.Form(Payload.RedPng)).Guarded();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("unsupported-crops", await response.CodeAsync());
    }
}
