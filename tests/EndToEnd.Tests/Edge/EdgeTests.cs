using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Edge;

[Collection(PublishedServiceCollection.Name)]
public sealed class EdgeTests(PublishedService published)
{
    private const int Mebibyte = 1024 * 1024;

    [ToolFact("nginx")]
    public async Task Classify_ThroughNginx_AnswersUnderTheClientsRequestId()
    {
        await using var first = await published.StartReadyAsync();
        await using var second = await published.StartReadyAsync();
        await using var nginx = await BalancerProcess.NginxAsync(first.Address, second.Address);
        using var client = new HttpClient { BaseAddress = nginx.Address };

        using var request = Classify(Samples.One);
        request.Headers.Add("X-Request-Id", "edge-test-1");
        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("edge-test-1", Assert.Single(answer.Headers.GetValues("X-Request-Id")));
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("edge-test-1", body.RootElement.GetProperty("id").GetString());
        Assert.NotEmpty(body.RootElement.GetProperty("predictions").EnumerateArray());
        await AccessLogHasAsync(
            nginx,
            line => line.GetProperty("requestId").GetString() == "edge-test-1" && line.GetProperty("status").GetInt32() == 200
        );
    }

    [ToolFact("nginx")]
    public async Task Classify_RequestIdThatCannotStandInJson_GetsANewOne()
    {
        await using var service = await published.StartReadyAsync();
        await using var nginx = await BalancerProcess.NginxAsync(service.Address);
        using var client = new HttpClient { BaseAddress = nginx.Address };

        using var request = Classify(Samples.One);
        request.Headers.TryAddWithoutValidation("X-Request-Id", "a\"b");
        using var answer = await client.SendAsync(request);

        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(answer.Headers.GetValues("X-Request-Id")));
    }

    [ToolFact("nginx")]
    public async Task Stop_OneReplicaUnderLoad_LosesNoRequest()
    {
        await using var leaving = await published.StartReadyAsync();
        await using var staying = await published.StartReadyAsync();
        await using var nginx = await BalancerProcess.NginxAsync(leaving.Address, staying.Address);
        await using var load = TrackedLoad.Start(nginx.Address, Samples.One, clients: 8, endAtRefusal: false);

        await load.AnswersAsync(100);
        leaving.Process.Terminate();
        Assert.Equal(0, await leaving.Process.WaitForExitAsync(TimeSpan.FromMinutes(1)));
        await load.AnswersAsync(100);
        await load.StopAsync();

        Assert.Empty(load.Lost);
        Assert.Equal(0, load.Refused);
    }

    [ToolFact("nginx")]
    public async Task Classify_BodyOverTheServicesLimit_IsTheServicesProblem()
    {
        await using var service = await published.StartReadyAsync();
        await using var nginx = await BalancerProcess.NginxAsync(service.Address);

        var problem = await RefusedAsync(nginx, new byte[(20 * Mebibyte) + 1], HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal("body-too-large", problem.GetProperty("code").GetString());
        await AccessLogHasAsync(nginx, line => line.GetProperty("upstreamStatus").GetString() == "413");
    }

    [ToolFact("nginx")]
    public async Task Classify_BodyFarOverTheLimit_IsRefusedByTheEdgeInTheSameWords()
    {
        await using var service = await published.StartReadyAsync();
        await using var nginx = await BalancerProcess.NginxAsync(service.Address);

        var problem = await RefusedAsync(nginx, new byte[66 * Mebibyte], HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal("body-too-large", problem.GetProperty("code").GetString());
        await AccessLogHasAsync(
            nginx,
            line => line.GetProperty("status").GetInt32() == 413 && line.GetProperty("upstreamStatus").GetString()!.Length == 0
        );
    }

    [ToolFact("nginx")]
    public async Task Classify_NoReplica_IsAProblemThatSaysWhenToRetry()
    {
        await using var nginx = await BalancerProcess.NginxAsync(
            new Uri($"http://127.0.0.1:{FreePort.Next()}"),
            new Uri($"http://127.0.0.1:{FreePort.Next()}")
        );

        var problem = await RefusedAsync(nginx, Samples.One, HttpStatusCode.ServiceUnavailable);

        Assert.Equal("unavailable", problem.GetProperty("code").GetString());
        Assert.Equal(2, problem.GetProperty("retryAfterSeconds").GetInt32());
    }

    [ToolFact("nginx")]
    public async Task Metrics_ThroughNginx_AreNotServed()
    {
        await using var service = await published.StartReadyAsync();
        await using var nginx = await BalancerProcess.NginxAsync(service.Address);
        using var inside = new HttpClient { BaseAddress = service.Address };
        using var outside = new HttpClient { BaseAddress = nginx.Address };

        foreach (var path in new[] { "/metrics", "/Metrics", "/metrics/" })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(inside, path));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(outside, path));
        }
    }

    private static HttpRequestMessage Classify(byte[] image)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/classify") { Content = new ByteArrayContent(image) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return request;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    private static async Task<JsonElement> RefusedAsync(BalancerProcess nginx, byte[] image, HttpStatusCode expected)
    {
        using var client = new HttpClient { BaseAddress = nginx.Address };
        using var request = Classify(image);
        // As curl does with large bodies: ask first, so that a refusal is read and not met by a broken pipe.
        request.Headers.ExpectContinue = true;
        using var answer = await client.SendAsync(request);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var problem = body.RootElement.Clone();
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.Equal(Assert.Single(answer.Headers.GetValues("X-Request-Id")), problem.GetProperty("requestId").GetString());
        return problem;
    }

    // nginx writes the line after the answer was sent.
    private static Task AccessLogHasAsync(BalancerProcess nginx, Func<JsonElement, bool> wanted) =>
        Eventually.TrueAsync(
            () =>
                Task.FromResult(
                    nginx
                        .Output.Split('\n')
                        .Where(line => line.StartsWith("{\"time\"", StringComparison.Ordinal))
                        .Any(line => wanted(JsonDocument.Parse(line).RootElement))
                ),
            TimeSpan.FromSeconds(10),
            () => nginx.Output
        );
}
