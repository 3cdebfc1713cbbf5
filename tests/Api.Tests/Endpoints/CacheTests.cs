using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Saccade.Api.Requests;
using Saccade.Api.Tests.Support;
using Saccade.Inference;
using Saccade.Inference.Classification;

namespace Saccade.Api.Tests.Endpoints;

/// <summary>A service that keeps answers.</summary>
public sealed class CacheTests : IDisposable
{
    private const string ShopKey = "sk_shop_0123456789abcdef";
    private const string OtherKey = "sk_other_0123456789abcdef";

    private static readonly Dictionary<string, string?> Kept = new() { ["Cache:Size"] = "1000000" };

    private readonly TempModels _models = new TempModels().Featured("colors");

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Classify_Again_SameAnswerUnderItsOwnIdWithAge()
    {
        await using var service = await Service.StartAsync(Kept);
        using var first = await PostAsync(service, "/classify?explain=crops");
        using var again = await PostAsync(service, "/classify?explain=crops");

        var (computed, kept) = (await first.JsonAsync(), await again.JsonAsync());
        Assert.Equal((null, "hit"), (Cached(computed), Cached(kept)));
        Assert.Equal(computed.GetProperty("predictions").GetRawText(), kept.GetProperty("predictions").GetRawText());
        Assert.Equal(computed.GetProperty("crops").GetRawText(), kept.GetProperty("crops").GetRawText());
        Assert.NotEqual(computed.GetProperty("id").GetString(), kept.GetProperty("id").GetString());
        Assert.Equal(again.Headers.GetValues(RequestId.Header).Single(), kept.GetProperty("id").GetString());
        Assert.False(first.Headers.Contains(CacheHeaders.Status) || first.Headers.Contains(CacheHeaders.Age));
        Assert.Equal("saccade; hit", again.Headers.GetValues(CacheHeaders.Status).Single());
        Assert.True(again.Headers.Age >= TimeSpan.Zero);
        var timings = kept.GetProperty("timings");
        Assert.Equal(
            (0, 0, 0),
            (
                timings.GetProperty("decodeMs").GetDouble(),
                timings.GetProperty("inferenceMs").GetDouble(),
                timings.GetProperty("batchSize").GetInt32()
            )
        );
        Assert.True(timings.GetProperty("totalMs").GetDouble() > 0);
    }

    [Theory]
    [InlineData("topK=1")]
    [InlineData("crops=10")]
    [InlineData("crops=auto")]
    [InlineData("explain=crops")]
    public async Task Classify_OtherOption_IsComputed(string option)
    {
        await using var service = await Service.StartAsync(Kept);
        Assert.Null(await CachedAsync(service, "/classify"));
        Assert.Null(await CachedAsync(service, $"/classify?{option}"));
        Assert.Equal("hit", await CachedAsync(service, $"/classify?{option}&deadlineMs=9000&priority=2"));
    }

    [Fact]
    public async Task Classify_AnyFormOfBody_IsTheSameImage()
    {
        await using var service = await Service.StartAsync(Kept);
        Assert.Null(await CachedAsync(service, "/classify", Payload.Form(Payload.RedPng)));
        Assert.Equal("hit", await CachedAsync(service, "/classify/raw", Payload.Raw(Payload.RedPng)));
        Assert.Equal("hit", await CachedAsync(service, "/classify/base64", Payload.Base64(Payload.RedPng)));
    }

    [Fact]
    public async Task Classify_ImageIsRefused_IsRefusedAgain()
    {
        await using var service = await Service.StartAsync(Kept);
        for (var i = 0; i < 2; i++)
        {
            using var refused = await service.Client().PostAsync("/classify", Payload.Raw("no image"u8.ToArray())).Guarded();
            Assert.Equal("unsupported-image", await refused.CodeAsync());
            Assert.False(refused.Headers.Contains(CacheHeaders.Status));
        }
    }

    [Fact]
    public async Task Batch_SameImageTwice_IsComputedOnce()
    {
        await using var service = await Service.StartAsync(Kept, GatedModel.Create(out var session));
        session.Hold();
        session.Open();

        using var response = await service
            .Client()
            .PostAsync("/classify/batch", Payload.Form(Payload.RedPng, Payload.RedPng, Payload.RedPng))
            .Guarded();

        var results = (await response.JsonAsync()).EnumerateArray().Select(item => item.GetProperty("result")).ToArray();
        Assert.Single(results, result => Cached(result) is null);
        Assert.All(results, result => Assert.Equal("red", result.TopLabel()));
        Assert.Single(session.Runs);
    }

    [Fact]
    public async Task Embed_Again_IsKeptWhetherNormalisedOrNot()
    {
        await using var service = await Service.StartAsync(new(_models.Settings) { ["Cache:Size"] = "1000000" });
        using var first = await PostAsync(service, "/embed");
        using var again = await PostAsync(service, "/embed?normalise=true");

        Assert.Null(Cached(await first.JsonAsync()));
        Assert.Equal("hit", Cached(await again.JsonAsync()));
        Assert.Equal("[1,0,0]", (await again.JsonAsync()).GetProperty("embedding").GetRawText());
        Assert.Null(await CachedAsync(service, "/classify"));
    }

    [Fact]
    public async Task Infer_ImagesOfTheOpenProtocol_AreAnsweredFromTheSameCache()
    {
        await using var service = await Service.StartAsync(Kept, GatedModel.Create(out var session));
        session.Hold();
        session.Open();
        var body =
            $$"""{"inputs":[{"name":"image","shape":[1,1],"datatype":"BYTES","data":["{{Convert.ToBase64String(Payload.RedPng)}}"]}]}""";

        var answers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var response = await service.Client().PostAsync("/v2/models/colors/infer", Payload.Json(body)).Guarded();
            answers.Add((await response.JsonAsync()).GetProperty("outputs").GetRawText());
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Single(session.Runs);
    }

    [Theory]
    [InlineData(false, "hit")]
    [InlineData(true, null)]
    public async Task Classify_OtherKey_IsAnsweredFromTheCacheUnlessItIsPerKey(bool perKey, string? other)
    {
        var keys = Settings.Keys(("shop", ShopKey, "classify"), ("other", OtherKey, "classify"));
        await using var service = await Service.StartAsync(new(keys) { ["Cache:Size"] = "1000000", ["Cache:PerKey"] = $"{perKey}" });

        Assert.Null(await CachedAsync(service, "/classify", key: ShopKey));
        Assert.Equal(other, await CachedAsync(service, "/classify", key: OtherKey));
        Assert.Equal("hit", await CachedAsync(service, "/classify", key: ShopKey));
    }

    [Fact]
    public async Task Classify_PerKeyAndNobodyAsksForKeys_IsComputedEachTime()
    {
        await using var service = await Service.StartAsync(new(Kept) { ["Cache:PerKey"] = "true" });
        Assert.Null(await CachedAsync(service, "/classify"));
        Assert.Null(await CachedAsync(service, "/classify"));
    }

    [Fact]
    public async Task Classify_ImageOfTheWarmUp_WasNotKept()
    {
        await using var service = await Service.StartAsync(Kept);
        Assert.Null(await CachedAsync(service, "/classify", Payload.Raw(WarmUpImages.Jpeg.ToArray())));
    }

    [Fact]
    public async Task Classify_CacheIsOff_IsComputedEachTime()
    {
        await using var service = await Service.StartAsync();
        Assert.Null(await CachedAsync(service, "/classify"));
        using var again = await PostAsync(service, "/classify");
        Assert.Null(Cached(await again.JsonAsync()));
        Assert.False(again.Headers.Contains(CacheHeaders.Status) || again.Headers.Contains(CacheHeaders.Age));
    }

    [Theory]
    [InlineData(null, null, "", "")]
    [InlineData(CacheUse.Hit, 0.0, "saccade; hit", "0")]
    [InlineData(CacheUse.Hit, 61.9, "saccade; hit", "61")]
    [InlineData(CacheUse.Shared, null, "saccade; fwd=miss; collapsed", "")]
    public void Headers_EveryUse_SayWhatTheStandardsSay(CacheUse? use, double? seconds, string status, string age)
    {
        var headers = new HeaderDictionary();
        CacheHeaders.Write(headers, use, seconds is { } elapsed ? TimeSpan.FromSeconds(elapsed) : null);
        Assert.Equal((status, age), (headers["Cache-Status"].ToString(), headers["Age"].ToString()));
    }

    private static async Task<string?> CachedAsync(Service service, string path, HttpContent? body = null, string? key = null)
    {
        using var response = await PostAsync(service, path, body, key);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Cached(await response.JsonAsync());
    }

    private static async Task<HttpResponseMessage> PostAsync(Service service, string path, HttpContent? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body ?? Payload.Raw(Payload.RedPng) };
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        return await service.Client().SendAsync(request).Guarded();
    }

    private static string? Cached(JsonElement answer) => answer.TryGetProperty("cached", out var cached) ? cached.GetString() : null;
}
