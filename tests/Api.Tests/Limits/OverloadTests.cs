using System.Net;
using Microsoft.Extensions.Logging;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Limits;

public sealed class OverloadTests
{
    [Fact]
    public async Task Post_BurstBeyondTheQueue_EveryRequestIsAnsweredOrRefused()
    {
        const int requests = 60;
        await using var service = await Service.StartAsync(
            new() { ["Batching:QueueCapacity"] = "10", ["Batching:MaxBatchSize"] = "4" },
            GatedModel.Create(out var session)
        );
        var client = service.Client();
        session.Hold();
        var burst = Enumerable.Range(0, requests).Select(_ => client.PostAsync("/classify", Payload.Form(Payload.RedPng))).ToList();

        // The first answer while the network is held can only be a refusal.
        using (var first = await (await Task.WhenAny(burst).Guarded()))
            Assert.Equal(HttpStatusCode.TooManyRequests, first.StatusCode);
        session.Open();
        var responses = await Task.WhenAll(burst).Guarded();

        var refused = responses.Where(response => response.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        var answered = responses.Count(response => response.StatusCode == HttpStatusCode.OK);
        Assert.Equal(requests, answered + refused.Count);
        Assert.True(answered >= 10, $"{answered} answered, {refused.Count} refused");
        Assert.All(refused, response => Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1)));
        Assert.Single(service.Logs.Entries, static entry => entry.Id.Name == "Overloaded");
        Assert.DoesNotContain(service.Logs.Entries, static entry => entry.Id.Name == "RequestRefused" && entry.Level > LogLevel.Debug);
    }

    [Fact]
    public async Task Post_MoreAtOnceThanTheLimit_Is429()
    {
        await using var service = await Service.StartAsync(
            new() { ["Limits:MaxConcurrentRequests"] = "1" },
            GatedModel.Create(out var session)
        );
        var client = service.Client();
        session.Hold();
        var running = client.PostAsync("/classify", Payload.Form(Payload.RedPng));
        await session.NextRunAsync();

        using var refused = await client.PostAsync("/classify", Payload.Raw([1])).Guarded();
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("too-many-requests", await refused.CodeAsync());
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        using var models = await client.GetAsync(new Uri("/models", UriKind.Relative)).Guarded();
        Assert.Equal(HttpStatusCode.OK, models.StatusCode);

        session.Open();
        using var answered = await running.Guarded();
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Single(service.Logs.Entries, static entry => entry.Id.Name == "TooManyRequests");
        using var next = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Post_BodiesStillArriving_TakeNoPlaces()
    {
        await using var service = await Service.StartAsync(new() { ["Limits:MaxConcurrentRequests"] = "1" });
        var client = service.Client();
        var rest = new TaskCompletionSource();
        using var slow = new HeldBody(Payload.RedPng, rest.Task);
        var arriving = client.PostAsync("/classify", slow);
        await slow.Begun.Guarded();

        for (var i = 0; i < 3; i++)
        {
            using var other = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }

        rest.TrySetResult();
        using var answered = await arriving.Guarded();
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task Post_BodiesTakeAllMemory_Is429UntilTheyGiveItBack()
    {
        const int Longest = 64 * 1024;
        await using var service = await Service.StartAsync(
            new()
            {
                ["Limits:MaxBodyBytes"] = $"{Longest}",
                ["Limits:MaxBatchBodyBytes"] = $"{Longest}",
                ["Limits:BodyMemory"] = $"{2 * Longest}",
            }
        );
        var client = service.Client();
        var rest = new TaskCompletionSource();
        var arriving = HoldAsync();
        // It is refused itself if it comes while the question whether it has been read is being answered.
        HttpResponseMessage refused;
        while ((refused = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded()).IsSuccessStatusCode)
        {
            refused.Dispose();
            if (arriving.IsCompleted)
                arriving = HoldAsync();
        }

        using (refused)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal("too-many-requests", await refused.CodeAsync());
        }

        Assert.Single(service.Logs.Entries, static entry => entry.Id.Name == "BodiesTakeAllMemory");
        rest.TrySetResult();
        using (await arriving.Guarded())
        {
            using var next = await client.PostAsync("/classify", Payload.Form(Payload.RedPng)).Guarded();
            Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        }

        Task<HttpResponseMessage> HoldAsync() => client.PostAsync("/classify", new HeldBody([.. new byte[Longest - 16]], rest.Task));
    }
}
