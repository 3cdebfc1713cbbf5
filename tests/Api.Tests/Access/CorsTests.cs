using System.Net;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Access;

public sealed class CorsTests
{
    private const string Shop = "https://shop.example";

    [Theory]
    [InlineData(null, Shop, null)]
    [InlineData(Shop, Shop, Shop)]
    [InlineData(Shop, "https://other.example", null)]
    [InlineData("*", "https://other.example", "*")]
    public async Task Post_FromAPageOfAnotherSite_IsReadableWhereItIsAllowed(string? allowed, string origin, string? answered)
    {
        var settings = allowed is null ? [] : new Dictionary<string, string?> { ["Cors:Origins:0"] = allowed };
        await using var service = await Service.StartAsync(settings);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/classify") { Content = Payload.Form(Payload.RedPng) };
        request.Headers.Add("Origin", origin);

        using var response = await service.Client().SendAsync(request).Guarded();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answered, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
    }

    [Fact]
    public async Task Options_WithKeysAskedFor_IsAnsweredWithoutOne()
    {
        var settings = Settings.Keys(("shop", "sk_shop_0123456789abcdef", "Classify"));
        settings["Cors:Origins:0"] = Shop;
        await using var service = await Service.StartAsync(settings);
        using var request = new HttpRequestMessage(HttpMethod.Options, "/classify");
        request.Headers.Add("Origin", Shop);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-api-key");

        using var response = await service.Client().SendAsync(request).Guarded();

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("x-api-key", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Headers")));
    }

    [Theory]
    [InlineData("shop.example")]
    [InlineData("https://shop.example/page")]
    public void Start_WhatIsNoOrigin_IsAMistake(string origin)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Service.Unloaded(new() { ["Cors:Origins:0"] = origin }));
        Assert.Contains(origin, error.Message, StringComparison.Ordinal);
    }
}
